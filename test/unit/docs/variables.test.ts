/** Runs the examples of docs/variables.md: a comment behind a statement says what it gives, or what it throws. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { compile } from '../../../lib/btf/codec/text/compile-text';
import type { Type } from '../../../lib/btf/layout/layout-model';
import { atomicOf } from '../../../lib/memory/variable/views';
import { ROOT } from '../../support/compile';
import { createVariable, globals, regionOf } from '../../support/globals';

const page = readFileSync(path.join(ROOT, 'docs/variables.md'), 'utf8');
const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map((match) => match[1] ?? '');

/** The library of the page, with all of it in one section. */
function library(): { bss: Record<string, unknown> } {
  const declarations = (blocks('c')[0] ?? '')
    .replace(/ *\/\*.*?\*\//g, '')
    .replace('const volatile ', '')
    .replace(/^(?!struct \w+ \{| |\}).*;$/gm, (line) =>
      line.replace(';', ' __attribute__((section(".data")));'),
    );
  const { section, all } = globals(
    `#include <linux/types.h>\n#include <stdbool.h>\n${declarations}`,
    'docs-variables',
  );
  const { region } = regionOf('mapped', section);
  const named = [...all].map(([name, spec]): [string, unknown] => [
    name,
    createVariable(region, { ...spec, section: '.bss', type: spec.type satisfies Type }),
  ]);
  return { bss: Object.fromEntries(named) };
}

test('the examples do what their comments say', () => {
  const stats = library();
  let checks = 0;
  const gives = (value: unknown, expected: unknown): void => {
    checks++;
    expect(value).toEqual(expected);
  };
  const throws = (action: () => unknown, name: string, message: string): void => {
    checks++;
    expect(action).toThrow(message);
    expect(action).toThrow(name === 'RangeError' ? RangeError : TypeError);
  };
  for (const block of blocks('js')) {
    const code = block.replace(/^(.*?); *\/\/ (.*)$/gm, (line, statement: string, comment: string) => {
      const refusal = /^throws (\w+): (.*)$/.exec(comment);
      if (refusal !== null) {
        return `throws(() => { ${statement}; }, ${JSON.stringify(refusal[1])}, ${JSON.stringify(refusal[2])});`;
      }
      return /^[\d'[{]/.test(comment) ? `gives(${statement}, (${comment}));` : line;
    });
    (compile(`return () => { ${code} };`, { stats, atomicOf, gives, throws }) as () => void)();
  }
  expect(checks).toBe(19);
});
