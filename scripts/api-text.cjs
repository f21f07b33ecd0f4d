'use strict';
// The public declarations as text, made of what users get: the declarations that the build emits, without @internal. One block
// a name, its members in their order, those that it inherits from what has no block of its own after them, by where they are
// from. No comments, nothing private.
const path = require('node:path');
const ts = require('typescript');
const { withConstructors } = require('./declarations.cjs');

const FULL = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.UseAliasDefinedOutsideCurrentScope;

/** What each door is imported as, and its source. */
const DOORS = { 'libbpf-subskel': 'lib/index.ts', 'libbpf-subskel/tools': 'lib/tools/index.ts' };

/** Also throws where a signature has a type of another module that users cannot import. */
function apiText(root) {
  return Object.entries(DOORS)
    .map(([name, door]) => `// ${name}\n\n${doorText(root, door)}`)
    .join('\n');
}

function doorText(root, door) {
  const { checker, entry, isOurs } = emitted(root, door);
  const exported = checker
    .getExportsOfModule(checker.getSymbolAtLocation(entry))
    .map((symbol) => [symbol.name, resolved(symbol, checker)])
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const printer = {
    checker,
    isOurs,
    known: new Set(exported.map(([, symbol]) => symbol)),
    names: new Set(exported.map(([name]) => name)),
    helpers: new Map(),
    missing: new Map(),
  };
  const block = ([name, symbol]) =>
    (symbol.declarations ?? []).map((node) => declaration(name, node, printer));
  const blocks = exported.flatMap(block);
  // A Map also gives what is put into it meanwhile.
  const helpers = [];
  for (const [symbol] of printer.helpers) {
    helpers.push(...block([symbol.name, symbol]).map((text) => `// not exported\n${text}`));
  }
  if (printer.missing.size > 0) {
    const list = [...printer.missing].map(([name, user]) => `${name} (of ${user})`);
    throw new Error(`public signatures have types that ${door} does not export: ${list.join(', ')}`);
  }
  return `${[...blocks, ...helpers.sort()].join('\n\n')}\n`;
}

const resolved = (symbol, checker) =>
  symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;

/** The declarations of a door and what it needs, as the build makes them, in memory. */
function emitted(root, door) {
  const { config } = ts.readConfigFile(path.join(root, 'tsconfig.json'), ts.sys.readFile);
  const build = ts.readConfigFile(path.join(root, 'tsconfig.build.json'), ts.sys.readFile).config;
  const { options } = ts.convertCompilerOptionsFromJson(
    {
      ...config.compilerOptions,
      ...build.compilerOptions,
      emitDeclarationOnly: true,
      outDir: 'dist',
      rootDir: 'lib',
    },
    root,
  );
  const sources = ts.createProgram([path.join(root, door)], options);
  const files = new Map();
  sources.emit(undefined, (file, text, _, __, from) => {
    files.set(path.resolve(root, file), withConstructors(from[0].text, text));
  });
  const index = path.join(root, door.replace(/^lib(.*)\.ts$/, 'dist$1.d.ts'));
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists, getSourceFile } = host;
  // There may be no dist/ yet.
  host.directoryExists = undefined;
  host.readFile = (file) => files.get(path.resolve(file)) ?? readFile.call(host, file);
  host.fileExists = (file) => files.has(path.resolve(file)) || fileExists.call(host, file);
  host.getSourceFile = (file, ...more) => {
    const text = files.get(path.resolve(file));
    return text === undefined
      ? getSourceFile.call(host, file, ...more)
      : ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  };
  const program = ts.createProgram([index], options, host);
  return {
    checker: program.getTypeChecker(),
    entry: program.getSourceFile(index),
    isOurs: (node) => files.has(path.resolve(node.getSourceFile().fileName)),
  };
}

const wordsOf = (node) =>
  (ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []) : []).map((modifier) => modifier.getText());

const isHidden = (member) =>
  (member.name !== undefined && ts.isPrivateIdentifier(member.name)) ||
  (!ts.isConstructorDeclaration(member) &&
    wordsOf(member).some((word) => word === 'private' || word === 'protected'));

/** One line, without comments. */
const textOf = (node) =>
  node
    .getText()
    .replace(/\/\*[^]*?\*\/|\/\/.*$/gm, '')
    .replace(/\s+/g, ' ')
    .replace(/;$/, '')
    .trim();

function declaration(name, node, printer) {
  note(name, node, printer);
  if (ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node)) {
    const generics = (node.typeParameters ?? []).map(textOf).join(', ');
    const heritage = (node.heritageClauses ?? []).map((clause) => ` ${textOf(clause)}`).join('');
    const word = ts.isClassDeclaration(node) ? 'class' : 'interface';
    const lines = [...membersOf(node), ...inherited(name, node, printer)];
    return `${word} ${name}${generics && `<${generics}>`}${heritage} {\n${lines.map((line) => `  ${line}\n`).join('')}}`;
  }
  if (ts.isVariableDeclaration(node)) {
    return `const ${name}: ${printer.checker.typeToString(printer.checker.getTypeAtLocation(node), undefined, FULL)}`;
  }
  if (ts.isTypeAliasDeclaration(node) && textOf(node.type).includes('typeof ')) {
    // Made of a table: what it says is what counts.
    const type = printer.checker.getTypeAtLocation(node);
    return `type ${name} = ${printer.checker.typeToString(type, undefined, FULL | ts.TypeFormatFlags.InTypeAlias)}`;
  }
  return textOf(node).replace(/^(export )?(declare )?/, '');
}

const membersOf = (node) =>
  node.members.filter((member) => !isHidden(member)).map((member) => textOf(member).replace(/^declare /, ''));

/** Of bases that have no block of their own. */
function inherited(name, node, printer) {
  const { checker, isOurs, known } = printer;
  const lines = [];
  const seen = new Set(node.members.map((member) => member.name?.getText()));
  const walk = (each) => {
    for (const type of (each.heritageClauses ?? []).flatMap(({ types }) => types)) {
      const symbol = checker.getTypeAtLocation(type).getSymbol();
      for (const base of symbol?.declarations ?? []) {
        if (!ts.isClassDeclaration(base) && !ts.isInterfaceDeclaration(base)) continue;
        if (!isOurs(base) || known.has(symbol)) continue;
        const members = base.members.filter(
          (member) =>
            !isHidden(member) && !ts.isConstructorDeclaration(member) && !seen.has(member.name?.getText()),
        );
        if (members.length > 0) lines.push(`// ${textOf(type)}`, ...members.map(textOf));
        for (const member of members) note(name, member, printer);
        for (const member of members) seen.add(member.name?.getText());
        walk(base);
      }
    }
  };
  walk(node);
  return lines;
}

/** Notes what a declaration refers to: helpers that its module keeps to itself, and what nobody can import. */
function note(name, node, printer) {
  const { checker, isOurs, known, names, helpers, missing } = printer;
  const visit = (each) => {
    if (isHidden(each)) return;
    if (ts.isTypeReferenceNode(each) || ts.isImportTypeNode(each)) {
      const place = each.typeName ?? each.qualifier;
      const symbol = place && checker.getSymbolAtLocation(place);
      const target = symbol && resolved(symbol, checker);
      const [first] = target?.declarations ?? [];
      const ours = first !== undefined && isOurs(first) && !ts.isTypeParameterDeclaration(first);
      // Of one name: what a class is as a value, and what it is in generated types.
      if (ours && !known.has(target) && !names.has(target.name)) {
        if (wordsOf(first).includes('export')) missing.set(target.name, name);
        else helpers.set(target, name);
      }
    }
    ts.forEachChild(each, (child) => {
      if (!ts.isHeritageClause(child)) visit(child);
    });
  };
  visit(node);
}

module.exports = { apiText };
