/** `completion bash|zsh|fish`: scripts made from the catalogue, so that they know every command and option. */
import { UsageError, type CommandSpec, type OptionSpec, type Run } from '../command/command';

const FILES: Readonly<Record<CommandSpec['completes'], string>> = {
  object: '*.o',
  source: '*.bpf.c',
  shell: '',
  none: '',
};

type Commands = readonly CommandSpec[];

/** The commands' words after `words`: '' → gen build completion; 'gen' → subskeleton … */
function wordsAfter(all: Commands, words: string): string[] {
  const depth = words === '' ? 0 : words.split(' ').length;
  const matching = all.filter(({ path }) => path.slice(0, depth).join(' ') === words && path.length > depth);
  return [...new Set(matching.map(({ path }) => path[depth] ?? ''))];
}

/** The first words of commands that have two. */
const groupsOf = (all: Commands): string[] => [
  ...new Set(all.filter(({ path }) => path.length > 1).map(({ path }) => path[0] ?? '')),
];

const optionWords = (command: CommandSpec): string[] =>
  Object.entries(command.options).flatMap(([name, { short }]) =>
    short === undefined ? [`--${name}`] : [`--${name}`, `-${short}`],
  );

const takesValue = ([, spec]: [string, OptionSpec]): boolean => spec.type === 'string';

function bash(all: Commands): string {
  const choices = (command: CommandSpec): string[] =>
    Object.entries(command.options)
      .filter(takesValue)
      .map(([name, spec]) => {
        const keys = spec.short === undefined ? `--${name}` : `--${name}|-${spec.short}`;
        const words =
          spec.choices === undefined
            ? undefined
            : `COMPREPLY=($(compgen -W '${spec.choices.join(' ')}' -- "$cur"))`;
        const action =
          words ??
          (spec.value === 'DIR'
            ? 'COMPREPLY=($(compgen -d -- "$cur"))'
            : 'COMPREPLY=($(compgen -f -- "$cur"))');
        return `        ${keys}) ${action}; return ;;`;
      });
  const commands = all.map((command) => {
    const positional =
      command.completes === 'shell'
        ? `COMPREPLY=($(compgen -W 'bash zsh fish' -- "$cur"))`
        : FILES[command.completes] === ''
          ? 'COMPREPLY=()'
          : `COMPREPLY=($(compgen -f -X '!${FILES[command.completes]}' -- "$cur") $(compgen -d -- "$cur"))`;
    return `    '${command.path.join(' ')}')
      case "$prev" in
${choices(command).join('\n')}
      esac
      if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W '${optionWords(command).join(' ')}' -- "$cur")); else ${positional}; fi ;;`;
  });
  const tops = ['', ...groupsOf(all)].map(
    (group) =>
      `    '${group}') COMPREPLY=($(compgen -W '${wordsAfter(all, group).join(' ')} --help' -- "$cur")) ;;`,
  );
  return `# bash completion for libbpf-subskel
_libbpf_subskel() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} command='' word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$command $word" in
${all.map(({ path }) => `      '${path.length > 1 ? path.slice(0, -1).join(' ') : ''} ${path.at(-1) ?? ''}') command='${path.join(' ')}' ;;`).join('\n')}
${groupsOf(all)
  .map((group) => `      ' ${group}') command='${group}' ;;`)
  .join('\n')}
    esac
  done
  case "$command" in
${[...tops, ...commands].join('\n')}
  esac
}
complete -o filenames -F _libbpf_subskel libbpf-subskel
`;
}

const zshQuote = (text: string): string =>
  text.replaceAll("'", "'\\''").replaceAll('[', '\\[').replaceAll(']', '\\]').replaceAll(':', '\\:');

function zsh(all: Commands): string {
  const option = ([name, spec]: [string, OptionSpec]): string => {
    const help = zshQuote(spec.help);
    const value =
      spec.type === 'boolean'
        ? ''
        : `:value:${spec.choices === undefined ? (spec.value === 'DIR' ? '_files -/' : '_files') : `(${spec.choices.join(' ')})`}`;
    const repeat = spec.multiple === true ? '*' : '';
    const long = `'${repeat}--${name}[${help}]${value}'`;
    return spec.short === undefined ? long : `${long} '${repeat}-${spec.short}[${help}]${value}'`;
  };
  const cases = all.map((command) => {
    const files = FILES[command.completes];
    const rest =
      command.completes === 'shell'
        ? "'1:shell:(bash zsh fish)'"
        : files === ''
          ? ''
          : `'*:file:_files -g "${files}"'`;
    const args = [...Object.entries(command.options).map(option), rest].filter((arg) => arg !== '');
    return `    '${command.path.join(' ')}') shift ${String(command.path.length)} words; (( CURRENT -= ${String(command.path.length)} )); _arguments -s ${args.join(' ')} ;;`;
  });
  const tops = ['', ...groupsOf(all)].map(
    (group) => `    '${group}') compadd -- ${wordsAfter(all, group).join(' ')} --help ;;`,
  );
  return `#compdef libbpf-subskel
_libbpf_subskel() {
  local command=''
  if (( CURRENT > 2 )); then
    case "\${words[2]}" in
${groupsOf(all)
  .map((group) => `      ${group}) command=${group}; (( CURRENT > 3 )) && command="${group} \${words[3]}" ;;`)
  .join('\n')}
      *) command="\${words[2]}" ;;
    esac
  fi
  case "$command" in
${[...tops, ...cases].join('\n')}
  esac
}
_libbpf_subskel "$@"
`;
}

const fishQuote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

function fish(all: Commands): string {
  const lines = ['# fish completion for libbpf-subskel', 'complete -c libbpf-subskel -f'];
  const firsts = wordsAfter(all, '').join(' ');
  for (const command of all) {
    const [first = '', second] = command.path;
    const seen = `__fish_seen_subcommand_from ${first}`;
    const inside = second === undefined ? seen : `${seen}; and __fish_seen_subcommand_from ${second}`;
    const siblings = wordsAfter(all, first).join(' ');
    lines.push(
      second === undefined
        ? `complete -c libbpf-subskel -n 'not __fish_seen_subcommand_from ${firsts}' -a ${first} -d ${fishQuote(command.summary)}`
        : `complete -c libbpf-subskel -n '${seen}; and not __fish_seen_subcommand_from ${siblings}' -a ${second} -d ${fishQuote(command.summary)}`,
    );
    if (command.completes === 'shell')
      lines.push(`complete -c libbpf-subskel -n '${inside}' -a 'bash zsh fish'`);
    else if (FILES[command.completes] !== '') lines.push(`complete -c libbpf-subskel -n '${inside}' -F`);
    for (const [name, spec] of Object.entries(command.options)) {
      const short = spec.short === undefined ? '' : ` -s ${spec.short}`;
      const value =
        spec.type === 'boolean'
          ? ''
          : spec.choices === undefined
            ? ' -r -F'
            : ` -x -a '${spec.choices.join(' ')}'`;
      lines.push(
        `complete -c libbpf-subskel -n '${inside}' -l ${name}${short}${value} -d ${fishQuote(spec.help)}`,
      );
    }
  }
  for (const group of groupsOf(all)) {
    lines.push(
      `complete -c libbpf-subskel -n 'not __fish_seen_subcommand_from ${firsts}' -a ${group} -d 'Generate'`,
    );
  }
  return `${[...new Set(lines)].join('\n')}\n`;
}

const SHELLS: Readonly<Record<string, (all: Commands) => string>> = { bash, zsh, fish };

export const run: Run = async ({ positionals, io }, commands) => {
  const [shell = '', extra] = positionals;
  const script = Object.hasOwn(SHELLS, shell) ? SHELLS[shell] : undefined;
  if (script === undefined)
    throw new UsageError(`which shell? bash, zsh or fish${shell === '' ? '' : `, not '${shell}'`}`);
  if (extra !== undefined) throw new UsageError(`unexpected '${extra}': one shell at a time`);
  await io.out(script(commands));
  return 0;
};
