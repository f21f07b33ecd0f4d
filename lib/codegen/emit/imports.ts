/** The statement that imports from the library, in prettier's lines. */
import { textWidth } from '../../util/text';

const PACKAGE = 'libbpf-subskel';

const VALUES = new Set(['defineSkeleton', 'defineSubskeleton']);

/** `import { a, type B } from "libbpf-subskel";`; `typesOnly` for a .d.ts. */
export function importStatement(names: readonly string[], typesOnly: boolean): string {
  const parts = names.map((name) => (VALUES.has(name) || typesOnly ? name : `type ${name}`));
  const keyword = typesOnly ? 'import type' : 'import';
  const line = `${keyword} { ${parts.join(', ')} } from "${PACKAGE}";`;
  if (textWidth(line) <= 80) return `${line}\n`;
  return `${keyword} {\n${parts.map((part) => `  ${part},\n`).join('')}} from "${PACKAGE}";\n`;
}

/** The same for CommonJS. */
export const requireStatement = (names: readonly string[]): string =>
  `const { ${names.join(', ')} } = require("${PACKAGE}");\n`;
