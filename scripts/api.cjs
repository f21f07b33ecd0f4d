'use strict';
// Writes docs/api.txt: every name that `import … from 'libbpf-subskel'` has, with its declaration, as the build emits it.
// A change of it is a change of what users see: review it as such. test/unit/api.test.ts holds it against the sources.
//   npm run api
const { writeFileSync } = require('node:fs');
const path = require('node:path');
const { apiText } = require('./api-text.cjs');

const root = path.join(__dirname, '..');
writeFileSync(path.join(root, 'docs/api.txt'), apiText(root));
