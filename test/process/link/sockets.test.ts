/** attachSocket: filters of sockets, and the choice among those that share a port. Only the script's own sockets. */
import { runChild, scriptText } from '../../support/child';
import { compileBpf, compileReuseport } from '../../support/compile';
import type { CASES } from './scripts/sockets';

function answersOf(
  name: keyof typeof CASES,
  args: Readonly<Record<string, unknown>> = {},
  wrapper: readonly string[] = [],
): unknown {
  const given = { file: compileBpf('sockets'), name, ...args };
  const child = runChild(scriptText(__dirname, 'sockets'), given, ['--no-deprecation'], wrapper);
  expect({ stderr: child.stderr, status: child.status }).toEqual({ stderr: '', status: 0 });
  return JSON.parse(child.stdout);
}

test('a filter shortens, drops and goes away', () => {
  const answers = answersOf('filter');
  expect(answers).toEqual({
    as: ['filter', 'filter', false],
    whole: 'hello world',
    shortened: 'hello',
    afterwards: 'kept',
    hits: 3,
    closed: true,
    descriptors: 0,
  });
});

test('the kernel keeps it; close() leaves what took its place, and the socket that has its descriptor later', () => {
  const answers = answersOf('replaced');
  expect(answers).toEqual({ replaced: 1, sameDescriptor: true, kept: 1 });
});

test.each([
  ['by a program of the group', 'choose', undefined, ['reuseport', 'reuseport']],
  ['by number', 'choose_by_number', { as: 'reuseport' }, ['reuseport', 'reuseport']],
])('a socket of a group is chosen %s', (_, program, options, as) => {
  const answers = answersOf('chosen', { program, options }, [compileReuseport()]);
  expect(answers).toEqual({ as, chosen: [1, 0, 1], hits: 3, afterwards: 3 });
});

test('refusals', () => {
  const answers = answersOf('refused');
  expect(answers).toEqual({
    file: expect.stringMatching(/ENOTSOCK .* in SO_COOKIE: it is not a socket$/),
    notOpen: 'EBADF',
    noNumber: 'ERR_INVALID_ARG',
    option: 'ERR_INVALID_ARG',
    group: expect.stringMatching(
      /^attach program 'filter' to a group of sockets: EINVAL .*SO_REUSEPORT, set before it was bound/,
    ),
    type: expect.stringMatching(
      /^attach program 'choose' to a socket: EINVAL .*only programs of type socket_filter filter a socket/,
    ),
    unloaded: 'ERR_INVALID_ARG',
    closed: 'ERR_CLOSED',
  });
});
