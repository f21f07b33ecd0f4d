'use strict';
// Writes docs/libbpf-coverage.md: for each public function of libbpf what stands for it here. scripts/libbpf-symbols.cjs
// has the facts; test/unit/docs/libbpf-coverage.test.ts holds both against libbpf's sources and our API.
//   npm run coverage:libbpf
const { writeFileSync } = require('node:fs');
const path = require('node:path');
const { VERSION, groups } = require('./libbpf-symbols.cjs');

const codes = (names) =>
  names
    .split(' ')
    .map((name) => `\`${name}\``)
    .join(', ');

function answer({ as, but, not, in: inside }) {
  if (not !== undefined) return `none: ${not}`;
  const name = inside === undefined ? codes(as) : `inside, ${inside}: ${codes(as)}`;
  return but === undefined ? name : `${name}; ${but}`;
}

/** The page, as prettier formats it when `format` is given. */
function coverageText() {
  const symbols = groups.flatMap(({ rows }) => rows.flatMap((row) => row.symbols.split(' ')));
  const lines = [
    '# libbpf, function by function',
    '',
    `What stands for each of the ${new Set(symbols).size} public functions of libbpf ${VERSION}. Options that a function takes are`,
    'those of ours unless something else is said here. `Class.member` is a static or an ordinary member.',
  ];
  for (const { title, rows } of groups) {
    lines.push('', `## ${title}`, '', '| libbpf | libbpf-subskel |', '| --- | --- |');
    for (const row of rows) lines.push(`| ${codes(row.symbols)} | ${answer(row)} |`);
  }
  return `${lines.join('\n')}\n`;
}

async function formattedCoverage() {
  const prettier = require('prettier');
  const file = path.join(__dirname, '../docs/libbpf-coverage.md');
  const options = await prettier.resolveConfig(file);
  return prettier.format(coverageText(), { ...options, parser: 'markdown' });
}

module.exports = { formattedCoverage };

if (require.main === module) {
  formattedCoverage().then((text) => writeFileSync(path.join(__dirname, '../docs/libbpf-coverage.md'), text));
}
