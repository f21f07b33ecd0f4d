/** Type-checks texts as a user's strictest project would, against the library's own types. */
import path from 'node:path';
import ts from 'typescript';
import { ROOT } from './compile';

const OPTIONS: ts.CompilerOptions = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noImplicitOverride: true,
  noPropertyAccessFromIndexSignature: true,
  noUnusedLocals: true,
  isolatedModules: true,
  verbatimModuleSyntax: false,
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
  module: ts.ModuleKind.Node20,
  types: ['node'],
  typeRoots: [path.join(ROOT, 'node_modules/@types')],
  paths: { 'libbpf-subskel': [path.join(ROOT, 'lib/index.ts')] },
  noEmit: true,
  skipLibCheck: true,
};

/** One line for each error in the texts, which are by file name; the library itself is not looked at. */
export function typeErrors(texts: ReadonlyMap<string, string>): string[] {
  const folder = path.join(ROOT, 'test/bpf/out/type-check');
  const files = new Map([...texts].map(([name, text]) => [path.join(folder, name), text]));
  const host = ts.createCompilerHost(OPTIONS);
  const { readFile, fileExists, getSourceFile, directoryExists } = host;
  host.readFile = (file) => files.get(file) ?? readFile.call(host, file);
  host.fileExists = (file) => files.has(file) || fileExists.call(host, file);
  host.directoryExists = (name) => name === folder || (directoryExists?.call(host, name) ?? true);
  host.getSourceFile = (file, version, ...rest) => {
    const text = files.get(file);
    return text === undefined
      ? getSourceFile.call(host, file, version, ...rest)
      : ts.createSourceFile(file, text, version, true);
  };
  const program = ts.createProgram([...files.keys()], OPTIONS, host);
  return [...files.keys()].flatMap((file) => {
    const source = program.getSourceFile(file);
    const diagnostics = [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
    ];
    return diagnostics.map(({ messageText, start = 0 }) => {
      const line = (source?.getLineAndCharacterOfPosition(start).line ?? 0) + 1;
      return `${path.basename(file)}:${String(line)}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
    });
  });
}
