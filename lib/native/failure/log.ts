/** What libbpf and the verifier said during a call: the one line of it that belongs into a message. */

/** libbpf frames what the verifier said; of a log that was too long the addon keeps the end, so the frame may be open. */
const VERIFIER_LOG =
  /(?:-- BEGIN PROG LOAD LOG --\n|^\[earlier messages dropped\]\n)([\s\S]*?)-- END PROG LOAD LOG --/g;

/** Lines that come after the reason, or repeat that there was one. */
const CHATTER: readonly RegExp[] = [
  /^processed \d+ insns/,
  /^verification time /,
  /^stack depth /,
  /^insns processed /,
  /^max_states_per_insn/,
  /^\s*(at|from) \d+/,
  /: failed to load: /,
  /^failed to load object/,
  /: BPF program load failed: /,
  /-- (BEGIN|END) PROG LOAD LOG/,
  /^failed to find BTF (info )?in object/,
];

/** The whole of what the verifier said, or '' where it did not speak. */
export function verifierLog(log: string): string {
  const logs = [...log.matchAll(VERIFIER_LOG)].map((match) => match[1] ?? '');
  return logs.filter((text) => text.trim() !== '').at(-1) ?? '';
}

/** The last line that says something: the verifier's where it has spoken, else libbpf's. */
export function usefulLine(log: string): string {
  const lines = (verifierLog(log) || log)
    .split('\n')
    .map((line) => line.replace(/^libbpf: /, '').trim())
    .filter((line) => line !== '');
  return lines.findLast((line) => !CHATTER.some((pattern) => pattern.test(line))) ?? lines.at(-1) ?? '';
}
