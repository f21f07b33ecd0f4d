'use strict';
/**
 * Two ESLint rules for lib/. `layers/one-way`: a folder imports, types included, only from the folders that the table allows, and
 * the table has no circle. `layers/no-circle`: no file's imports lead back to it while modules are loaded; types are erased,
 * and what is required inside a function comes later.
 */
const { existsSync, readFileSync, readdirSync } = require('node:fs');
const path = require('node:path');
const ts = require('typescript');

const ROOT = path.join(__dirname, '../lib');

/** The key for a file: its folder in lib/, or its own name where it is in none. */
function placeOf(root, file) {
  const relative = path.relative(root, file).split(path.sep).join('/');
  return relative.includes('/') ? path.posix.dirname(relative) : relative;
}

/** The file that a relative import means; undefined for packages and for what is not TypeScript. */
function target(from, specifier) {
  if (!specifier.startsWith('.')) return undefined;
  const base = path.resolve(path.dirname(from), specifier);
  return [`${base}.ts`, path.join(base, 'index.ts')].find((file) => existsSync(file));
}

/** @throws Error for a table with a circle, or that names what it does not have */
function checkTable(layers) {
  const done = new Set();
  const visit = (folder, above) => {
    if (above.includes(folder)) throw new Error(`layers: a circle: ${[...above, folder].join(' -> ')}`);
    if (!Object.hasOwn(layers, folder)) throw new Error(`layers: '${folder}' is not in the table`);
    if (done.has(folder)) return;
    for (const below of layers[folder]) visit(below, [...above, folder]);
    done.add(folder);
  };
  for (const folder of Object.keys(layers)) visit(folder, []);
}

/** All places of lib/ with files, to hold against the table. */
function placesOf(root) {
  const files = readdirSync(root, { recursive: true }).filter((file) => file.endsWith('.ts'));
  return [...new Set(files.map((file) => placeOf(root, path.join(root, file))))].sort();
}

const erased = (kind, specifiers = []) =>
  kind === 'type' ||
  (specifiers.length > 0 &&
    specifiers.every(({ importKind, exportKind }) => (importKind ?? exportKind) === 'type'));

const oneWay = {
  meta: { type: 'problem', schema: [{ type: 'object' }] },
  create(context) {
    const [{ layers, root = ROOT }] = context.options;
    checkTable(layers);
    const here = placeOf(root, context.filename);
    const allowed = layers[here];
    const check = (node, specifier) => {
      if (typeof specifier !== 'string') return;
      const file = target(context.filename, specifier);
      if (file === undefined) return;
      const there = placeOf(root, file);
      if (there === here || allowed?.includes(there)) return;
      const may = allowed?.length > 0 ? allowed.join(', ') : 'nothing else';
      context.report({ node, message: `lib/${here} may import from itself and ${may}, not from ${there}.` });
    };
    const declaration = (node) => check(node, node.source?.value);
    return {
      Program(node) {
        if (allowed === undefined)
          context.report({ node, message: `lib/${here} is not in the table of layers.` });
      },
      ImportDeclaration: declaration,
      ExportNamedDeclaration: declaration,
      ExportAllDeclaration: declaration,
      ImportExpression: declaration,
      TSImportType: (node) => check(node, (node.source ?? node.argument.literal).value),
      'CallExpression[callee.name="require"]': (node) => check(node, node.arguments[0]?.value),
    };
  },
};

/** What a file loads when it is loaded, read from the disk once for all files that are linted. */
const known = new Map();
function loadedBy(file) {
  let files = known.get(file);
  if (files === undefined) {
    const { statements } = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
    files = statements
      .filter((node) => ts.isImportDeclaration(node) || ts.isExportDeclaration(node))
      .filter((node) => node.moduleSpecifier !== undefined && !isErased(node))
      .flatMap((node) => target(file, node.moduleSpecifier.text) ?? []);
    known.set(file, files);
  }
  return files;
}

function isErased(node) {
  const clause = ts.isImportDeclaration(node) ? node.importClause : node;
  if (clause?.isTypeOnly) return true;
  const named = ts.isImportDeclaration(node) ? clause?.namedBindings : node.exportClause;
  return (
    clause?.name === undefined &&
    named?.elements?.length > 0 &&
    named.elements.every(({ isTypeOnly }) => isTypeOnly)
  );
}

/** The way from one file to another, both included; undefined where there is none. */
function way(from, to, seen = new Set()) {
  if (from === to) return [to];
  seen.add(from);
  for (const next of loadedBy(from)) {
    const rest = seen.has(next) ? undefined : way(next, to, seen);
    if (rest !== undefined) return [from, ...rest];
  }
  return undefined;
}

const noCircle = {
  meta: { type: 'problem', schema: [{ type: 'object' }] },
  create(context) {
    const [{ root = ROOT } = {}] = context.options;
    const check = (node) => {
      const kind = node.importKind ?? node.exportKind;
      const file =
        node.source && !erased(kind, node.specifiers)
          ? target(context.filename, node.source.value)
          : undefined;
      const circle = file && way(file, context.filename);
      if (circle === undefined) return;
      const files = [context.filename, ...circle].map((each) => path.relative(root, each));
      context.report({ node, message: `A circle of imports: ${files.join(' -> ')}` });
    };
    return { ImportDeclaration: check, ExportNamedDeclaration: check, ExportAllDeclaration: check };
  },
};

module.exports = { checkTable, placesOf, plugin: { rules: { 'one-way': oneWay, 'no-circle': noCircle } } };
