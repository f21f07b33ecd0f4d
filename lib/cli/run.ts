/** Finds the command that the arguments call, runs it, and makes an exit status of what happens. */
import { alternatives } from '../util/suggest';
import { COMMANDS, GROUPS } from './catalogue';
import { UsageError, type CommandSpec, type Io } from './command/command';
import { commandHelp, groupHelp, programHelp } from './help';
import { parseCommandLine } from './command/parse';
import { problemsOf } from './command/problems';

const PROGRAM = 'libbpf-subskel';

const isHelp = (word: string | undefined): boolean => word === '--help' || word === '-h' || word === 'help';

/** The word itself, or the only one that begins with it: bpftool's users write `gen skel`. */
function complete(word: string, candidates: readonly string[]): string | undefined {
  if (candidates.includes(word)) return word;
  const matches = candidates.filter((candidate) => candidate.startsWith(word));
  return matches.length === 1 ? matches[0] : undefined;
}

function pick(word: string, candidates: readonly string[], what: string): string {
  const found = word === '' ? undefined : complete(word, candidates);
  if (found !== undefined) return found;
  const kind = word.startsWith('-') ? 'option' : what;
  throw new UsageError(`unknown ${kind} '${word}'${alternatives(word, candidates)}`);
}

/** The package's version; read when asked for only. */
function version(): string {
  return (require('../../package.json') as { version: string }).version;
}

async function runCommand(command: CommandSpec, args: readonly string[], io: Io): Promise<number> {
  const context = command.path.join(' ');
  try {
    const invocation = parseCommandLine(args, command, io);
    if (invocation.flag('help')) {
      await io.out(commandHelp(command));
      return 0;
    }
    return await command.load()(invocation, COMMANDS);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    io.err(`${PROGRAM} ${context}: ${error.message}\nTry '${PROGRAM} ${context} --help'.\n`);
    return 2;
  }
}

async function dispatch(argv: readonly string[], io: Io): Promise<number> {
  const [first, second] = argv;
  if (first === undefined) {
    io.err(programHelp());
    return 2;
  }
  if (isHelp(first)) {
    const topic = argv.slice(1);
    // `help gen object` is `gen object --help`.
    if (first === 'help' && topic.length > 0) return dispatch([...topic, '--help'], io);
    await io.out(programHelp());
    return 0;
  }
  if (first === '--version' || first === '-V' || first === 'version') {
    await io.out(`${version()}\n`);
    return 0;
  }
  const name = pick(first, [...new Set(COMMANDS.map(({ path }) => path[0] ?? ''))], 'command');
  if (!Object.hasOwn(GROUPS, name)) {
    const command = COMMANDS.find(({ path }) => path[0] === name);
    if (command !== undefined) return runCommand(command, argv.slice(1), io);
  }
  if (second === undefined) {
    io.err(groupHelp(name));
    return 2;
  }
  if (isHelp(second)) {
    await io.out(groupHelp(name));
    return 0;
  }
  const members = COMMANDS.filter(({ path }) => path[0] === name);
  const word = pick(
    second,
    members.map(({ path }) => path[1] ?? ''),
    `'${name}' command`,
  );
  const command = members.find(({ path }) => path[1] === word);
  return command === undefined ? 2 : runCommand(command, argv.slice(2), io);
}

/** Runs the command line (without node and the script) and answers the exit status. */
export async function runCli(argv: readonly string[], io: Io): Promise<number> {
  try {
    return await dispatch(argv, io);
  } catch (error) {
    if (error instanceof UsageError) {
      io.err(`${PROGRAM}: ${error.message}\nTry '${PROGRAM} --help'.\n`);
      return 2;
    }
    const problems = problemsOf(error, io.env);
    for (const problem of problems) io.err(`${PROGRAM}: ${problem}\n`);
    return 1;
  }
}
