'use strict';
// What users see of a class whose constructor is @internal: tsc (stripInternal) leaves it out, and a class without a
// constructor is one that anybody may call. A private one takes its place; a protected one in classes that are extended.
const ts = require('typescript');

/** `text`: the declarations that tsc made of the file with this text. */
function withConstructors(sourceText, text) {
  if (!sourceText.includes('@internal')) return text;
  const source = ts.createSourceFile('source.ts', sourceText, ts.ScriptTarget.Latest, true);
  const classes = new Map();
  for (const node of source.statements) {
    if (!ts.isClassDeclaration(node) || node.name === undefined) continue;
    // Not by its tags: a program need not have parsed those.
    const internal = node.members.some(
      (member) =>
        ts.isConstructorDeclaration(member) &&
        source.text.slice(member.pos, member.getStart(source)).includes('@internal'),
    );
    if (!internal) continue;
    const isAbstract = (ts.getModifiers(node) ?? []).some(
      ({ kind }) => kind === ts.SyntaxKind.AbstractKeyword,
    );
    classes.set(node.name.text, isAbstract ? 'protected' : 'private');
  }
  const declarations = ts.createSourceFile('declarations.d.ts', text, ts.ScriptTarget.Latest, true);
  const places = [];
  for (const node of declarations.statements) {
    const word =
      ts.isClassDeclaration(node) && node.name !== undefined ? classes.get(node.name.text) : undefined;
    if (word === undefined || node.members.some(ts.isConstructorDeclaration)) continue;
    places.push([node.members.pos, `\n    ${word} constructor();`]);
  }
  for (const [at, line] of places.reverse()) text = text.slice(0, at) + line + text.slice(at);
  return text;
}

module.exports = { withConstructors };

/** After tsc: in dist/ */
function main() {
  const { readdirSync, readFileSync, writeFileSync } = require('node:fs');
  const path = require('node:path');
  const root = path.join(__dirname, '..');
  for (const file of readdirSync(path.join(root, 'lib'), { recursive: true })) {
    if (!file.endsWith('.ts')) continue;
    const source = readFileSync(path.join(root, 'lib', file), 'utf8');
    const declarations = path.join(root, 'dist', file.replace(/\.ts$/, '.d.ts'));
    const before = readFileSync(declarations, 'utf8');
    const after = withConstructors(source, before);
    if (after !== before) writeFileSync(declarations, after);
  }
}

if (require.main === module) main();
