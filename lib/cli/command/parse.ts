/** A command's arguments, checked against its description. */
import { parseArgs } from 'node:util';
import { alternatives } from '../../util/suggest';
import { UsageError, type CommandSpec, type Invocation, type Io } from './command';

type Token = ReturnType<typeof parseTokens>[number];

function parseTokens(args: readonly string[], command: CommandSpec) {
  const options = Object.fromEntries(
    Object.entries(command.options).map(([name, { type, short }]) => [
      name,
      // Every option may come twice; the last one counts, as everywhere.
      { type, multiple: true, ...(short === undefined ? {} : { short }) },
    ]),
  );
  return parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true }).tokens;
}

function optionValue(token: Extract<Token, { kind: 'option' }>, command: CommandSpec): string {
  const { name, rawName } = token;
  const spec = Object.hasOwn(command.options, name) ? command.options[name] : undefined;
  if (spec === undefined) {
    const known = Object.keys(command.options).map((option) => `--${option}`);
    throw new UsageError(`unknown option '${rawName}'${alternatives(rawName, known)}`);
  }
  if (spec.type === 'boolean') {
    if (token.value !== undefined) throw new UsageError(`option '${rawName}' takes no value`);
    return '';
  }
  const value = token.value;
  if (value === undefined || value === '') {
    throw new UsageError(
      `option '${rawName}' needs a value: ${spec.choices?.join(' or ') ?? spec.value ?? ''}`,
    );
  }
  // `--name --out x` is a forgotten value; `--name=--out` says that it is meant.
  if (spec.dashes !== true && !token.inlineValue && value.length > 1 && value.startsWith('-')) {
    throw new UsageError(`option '${rawName}' needs a value, and '${value}' looks like an option`);
  }
  if (spec.choices !== undefined && !spec.choices.includes(value)) {
    throw new UsageError(`option '${rawName}' is ${spec.choices.join(' or ')}, not '${value}'`);
  }
  return value;
}

/** @throws UsageError */
export function parseCommandLine(args: readonly string[], command: CommandSpec, io: Io): Invocation {
  const given = new Map<string, string[]>();
  const positionals: string[] = [];
  for (const token of parseTokens(args, command)) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const value = optionValue(token, command);
    given.set(token.name, [...(given.get(token.name) ?? []), value]);
  }
  return {
    positionals,
    value: (option) => given.get(option)?.at(-1),
    values: (option) => given.get(option) ?? [],
    flag: (option) => given.has(option),
    io,
  };
}
