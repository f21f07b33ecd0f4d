'use strict';
// The public declarations as text: one block a name, its members sorted as they are declared, no comments, no private ones.
const path = require('node:path');
const ts = require('typescript');

function apiText(root) {
  const { config } = ts.readConfigFile(path.join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson({ ...config.compilerOptions, types: ['node'] }, root);
  const index = path.join(root, 'lib/index.ts');
  const program = ts.createProgram([index], options);
  const checker = program.getTypeChecker();
  const symbols = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(index)));
  const blocks = symbols
    .map((symbol) => [
      symbol.name,
      symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol,
    ])
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, symbol]) => (symbol.declarations ?? []).map((node) => declaration(name, node, checker)));
  return `${blocks.join('\n\n')}\n`;
}

const isHidden = (member) =>
  (member.name !== undefined && ts.isPrivateIdentifier(member.name)) ||
  (ts.canHaveModifiers(member) &&
    (ts.getModifiers(member) ?? []).some(
      ({ kind }) => kind === ts.SyntaxKind.PrivateKeyword || kind === ts.SyntaxKind.ProtectedKeyword,
    )) ||
  // Overloads say it all.
  (ts.isMethodDeclaration(member) &&
    member.body !== undefined &&
    member.parent.members.some(
      (other) =>
        other !== member && other.name?.getText() === member.name.getText() && other.body === undefined,
    ));

/** Bodies, comments and initial values left out; one member a line. */
function signature(node, checker) {
  const text = (part) =>
    part === undefined
      ? ''
      : part
          .getText()
          .replace(/\/\*[^]*?\*\/|\/\/.*$/gm, '')
          .replace(/\s+/g, ' ')
          .trim();
  const type = (annotated) =>
    annotated.type === undefined
      ? checker.typeToString(checker.getTypeAtLocation(annotated), annotated, ts.TypeFormatFlags.NoTruncation)
      : text(annotated.type);
  const modifiers = (ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []) : [])
    .map((modifier) => modifier.getText())
    .filter((word) => ['static', 'readonly', 'abstract'].includes(word))
    .map((word) => `${word} `)
    .join('');
  if (ts.isFunctionLike(node) && !ts.isFunctionTypeNode(node)) {
    const parameters = node.parameters
      .map((parameter) =>
        parameter.initializer === undefined || parameter.type !== undefined
          ? `${parameter.dotDotDotToken ? '...' : ''}${text(parameter.name)}${parameter.questionToken || parameter.initializer ? '?' : ''}: ${type(parameter)}`
          : `${text(parameter.name)}?: ${type(parameter)}`,
      )
      .join(', ');
    const generics = node.typeParameters === undefined ? '' : `<${node.typeParameters.map(text).join(', ')}>`;
    const returned =
      ts.isConstructorDeclaration(node) || ts.isSetAccessor(node)
        ? ''
        : `: ${node.type === undefined ? checker.typeToString(checker.getReturnTypeOfSignature(checker.getSignatureFromDeclaration(node)), node, ts.TypeFormatFlags.NoTruncation) : text(node.type)}`;
    const word = ts.isGetAccessor(node) ? 'get ' : ts.isSetAccessor(node) ? 'set ' : '';
    const name = ts.isConstructorDeclaration(node) ? 'constructor' : text(node.name);
    return `${modifiers}${word}${name}${node.questionToken ? '?' : ''}${generics}(${parameters})${returned}`;
  }
  if (ts.isPropertyDeclaration(node) || ts.isPropertySignature(node)) {
    return `${modifiers}${text(node.name)}${node.questionToken ? '?' : ''}: ${type(node)}`;
  }
  return text(node);
}

function declaration(name, node, checker) {
  const generics =
    node.typeParameters === undefined
      ? ''
      : `<${node.typeParameters.map((part) => part.getText()).join(', ')}>`;
  if (ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node)) {
    const word = ts.isClassDeclaration(node) ? 'class' : 'interface';
    const heritage = (node.heritageClauses ?? [])
      .map((clause) => ` ${clause.getText().replace(/\s+/g, ' ')}`)
      .join('');
    const members = node.members
      .filter((member) => !isHidden(member))
      .map((member) => `  ${signature(member, checker)}\n`);
    return `${word} ${name}${generics}${heritage} {\n${members.join('')}}`;
  }
  if (ts.isFunctionDeclaration(node)) return `function ${signature(node, checker)}`;
  if (ts.isVariableDeclaration(node))
    return `const ${name}: ${checker.typeToString(checker.getTypeAtLocation(node))}`;
  return signature(node, checker).replace(/^export /, '');
}

module.exports = { apiText };
