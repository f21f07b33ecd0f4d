/** The help texts, on every level, made from the catalogue. */
import { COMMANDS, GROUPS } from './catalogue';
import type { CommandSpec, OptionSpec } from './command/command';
import { wrap } from '../util/text';

const PROGRAM = 'libbpf-subskel';
const WIDTH = 78;

function optionHead(name: string, spec: OptionSpec): string {
  const short = spec.short === undefined ? '    ' : `-${spec.short}, `;
  const value = spec.type === 'boolean' ? '' : ` ${spec.choices?.join('|') ?? spec.value ?? 'VALUE'}`;
  return `  ${short}--${name}${value}`;
}

/** Two columns: the left ones as wide as the widest needs, the right ones wrapped. */
function columns(rows: readonly (readonly [string, string])[]): string {
  const left = Math.min(30, Math.max(...rows.map(([head]) => head.length)) + 2);
  return rows
    .map(([head, text]) => {
      const [first = '', ...rest] = wrap(text, WIDTH - left);
      const start =
        head.length + 2 > left ? `${head}\n${' '.repeat(left)}${first}` : head.padEnd(left) + first;
      return [start, ...rest.map((line) => ' '.repeat(left) + line)].join('\n');
    })
    .join('\n');
}

const examples = (lines: readonly string[]): string =>
  `Examples:\n${lines.map((line) => `  ${line}`).join('\n')}\n`;

export function commandHelp(command: CommandSpec): string {
  const call = `${PROGRAM} ${command.path.join(' ')}`;
  const usage = command.usage
    .map((form, i) => `${i === 0 ? 'Usage: ' : '       '}${call} ${form}`)
    .join('\n');
  const options = Object.entries(command.options).map(
    ([name, spec]) => [optionHead(name, spec), spec.help] as const,
  );
  const about = command.about.map((paragraph) => wrap(paragraph, WIDTH).join('\n')).join('\n\n');
  return `${usage}\n\n${about}\n\nOptions:\n${columns(options)}\n\n${examples(command.examples)}`;
}

const commandRows = (commands: readonly CommandSpec[]): (readonly [string, string])[] =>
  commands.map((command) => [`  ${command.path.join(' ')}`, command.summary] as const);

export function groupHelp(group: string): string {
  const commands = COMMANDS.filter(({ path }) => path[0] === group);
  return (
    `Usage: ${PROGRAM} ${group} COMMAND …\n\n${GROUPS[group] ?? ''}\n\nCommands:\n${columns(commandRows(commands))}\n\n` +
    `'${PROGRAM} ${group} COMMAND --help' tells more.\n\n` +
    examples(commands.flatMap((command) => command.examples.slice(0, 1)))
  );
}

export function programHelp(): string {
  const options: [string, string][] = [
    ['  -h, --help', 'Show this text.'],
    ['  -V, --version', 'Show the version.'],
  ];
  return (
    `Usage: ${PROGRAM} COMMAND …\n\nTyped modules for BPF objects and libraries.\n\n` +
    `Commands:\n${columns(commandRows(COMMANDS))}\n\nOptions:\n${columns(options)}\n\n` +
    `'${PROGRAM} COMMAND --help' tells more. The exit status is 0 if everything asked for was done,\n` +
    `1 if something failed (one line a problem on standard error), 2 if the command line is wrong.\n\n` +
    examples([...new Set(COMMANDS.flatMap((command) => command.examples.slice(0, 1)))])
  );
}
