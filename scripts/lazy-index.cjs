'use strict';
// After tsc: makes the doors in dist/ load what they offer when it is asked for. `require('libbpf-subskel')` then costs
// about as much as one file; tsc itself has no lazy re-exports. An unexpected shape of tsc's output is an error.
const { readFileSync, writeFileSync } = require('node:fs');
const path = require('node:path');

const dist = path.join(__dirname, '../dist');
const door = path.join(dist, 'index.js');

const source = readFileSync(door, 'utf8');
const modules = new Map(
  [...source.matchAll(/^var (\w+) = require\("([^"]+)"\);\n/gm)].map(([, name, file]) => [name, file]),
);
const lazy = source
  .replace(/^var \w+ = require\("[^"]+"\);\n/gm, '')
  .replace(/return (\w+)\.(\w+); }/g, (_, module, name) => {
    if (!modules.has(module)) throw new Error(`lazy-index: ${module} is not required in dist/index.js`);
    return `return require("${modules.get(module)}").${name}; }`;
  });
if (modules.size === 0 || /\b\w+_\d\.\w/.test(lazy))
  throw new Error('lazy-index: dist/index.js does not look as expected');
writeFileSync(door, lazy);

// Node finds the names of a CommonJS module by reading its text, which does not know this form: the ESM door lists them.
const names = Object.keys(require(door)).sort();
writeFileSync(
  path.join(dist, 'index.mjs'),
  `import main from './index.js';\nexport const {\n${names.map((name) => `  ${name},\n`).join('')}} = main;\n`,
);
