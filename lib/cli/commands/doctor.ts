/** `doctor`: what this host can do, and what it lacks. */
import { checkHost, type Check } from '../doctor/checks';
import { UsageError, type Run } from '../command/command';

const MARKS = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' } as const;

function lines({ name, verdict, found, remedy }: Check): string {
  const head = `${MARKS[verdict]}  ${name.padEnd(14)} ${found}\n`;
  return remedy === undefined ? head : `${head}      ${' '.repeat(14)} -> ${remedy}\n`;
}

export const run: Run = async (invocation) => {
  const { positionals, io } = invocation;
  if (positionals.length > 0) throw new UsageError(`unexpected '${positionals[0] ?? ''}'`);
  const checks = checkHost();
  const failed = checks.some(({ verdict }) => verdict === 'fail');
  await io.out(
    invocation.flag('json')
      ? `${JSON.stringify({ ok: !failed, checks }, undefined, 2)}\n`
      : checks.map(lines).join(''),
  );
  return failed ? 1 : 0;
};
