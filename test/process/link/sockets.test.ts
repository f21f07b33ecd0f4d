/** attachSocket: filters of sockets, and the choice among those that share a port. Only the script's own sockets. */
import { runChild } from '../../support/child';
import { compileBpf, compileReuseport } from '../../support/compile';

const COMMON = `
const dgram = require('node:dgram');
const fs = require('node:fs');
const { once } = require('node:events');
const object = subskel.BpfObject.open(args.file);
object.load();
const variable = (name) => object.section(name === 'keep' ? '.data' : '.bss').variables.get(name);
const hits = () => Number(variable('hits').value);
const codeOf = (work) => { try { work(); return 'none'; } catch (error) { return error.code; } };
const messageOf = (work) => { try { work(); return 'none'; } catch (error) { return error.message; } };
const answers = {};
const sender = dgram.createSocket('udp4');
const within = AbortSignal.timeout(20_000);
const socketOf = async (options) => {
  const socket = dgram.createSocket('udp4');
  const listening = once(socket, 'listening', { signal: within });
  socket.bind(options);
  await listening;
  return socket;
};
const received = async (socket, text) => {
  const message = once(socket, 'message', { signal: within });
  sender.send(text, socket.address().port, '127.0.0.1');
  return String((await message)[0]);
};
const run = async (work) => {
  await work();
  sender.close();
  object.close();
  console.log(JSON.stringify(answers));
};
`;

function answersOf(script: string, wrapper: readonly string[] = []): unknown {
  const child = runChild(COMMON + script, { file: compileBpf('sockets') }, ['--no-deprecation'], wrapper);
  expect({ stderr: child.stderr, status: child.status }).toEqual({ stderr: '', status: 0 });
  return JSON.parse(child.stdout);
}

test('a filter shortens, drops and goes away', () => {
  const answers = answersOf(`
    run(async () => {
      const socket = await socketOf({ address: '127.0.0.1', port: 0 });
      const { fd } = socket._handle;
      await received(socket, 'the sender has a descriptor now');
      const before = fs.readdirSync('/proc/self/fd').length;
      const attachment = object.program('filter').attachSocket(fd);
      answers.as = [attachment.as, attachment.program.name, attachment.closed];
      answers.whole = await received(socket, 'hello world');
      variable('keep').value = 8 + 5;
      answers.shortened = await received(socket, 'hello world');
      variable('keep').value = 0;
      const next = once(socket, 'message', { signal: within });
      sender.send('dropped', socket.address().port, '127.0.0.1');
      while (hits() < 3) await new Promise(setImmediate);
      attachment.close();
      attachment.close();
      sender.send('kept', socket.address().port, '127.0.0.1');
      answers.afterwards = String((await next)[0]);
      answers.hits = hits();
      answers.closed = attachment.closed;
      answers.descriptors = fs.readdirSync('/proc/self/fd').length - before;
      socket.close();
    });
  `);
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
  const answers = answersOf(`
    run(async () => {
      const socket = await socketOf({ address: '127.0.0.1', port: 0 });
      const first = object.program('filter').attachSocket(socket._handle.fd);
      const second = object.program('filter').attachSocket(socket._handle.fd);
      first.close();
      await received(socket, 'x');
      answers.replaced = hits();
      object.close();
      await received(socket, 'x');
      second.close();

      const { fd } = socket._handle;
      const other = subskel.BpfObject.open(args.file);
      other.load();
      const gone = other.program('filter').attachSocket(fd);
      socket.close();
      await once(socket, 'close', { signal: within });
      const later = await socketOf({ address: '127.0.0.1', port: 0 });
      answers.sameDescriptor = later._handle.fd === fd;
      const kept = other.program('filter').attachSocket(later._handle.fd);
      gone.close();
      await received(later, 'x');
      answers.kept = Number(other.section('.bss').variables.get('hits').value);
      kept.close();
      later.close();
      other.close();
    });
  `);
  expect(answers).toEqual({ replaced: 1, sameDescriptor: true, kept: 1 });
});

test.each([
  ['by a program of the group', 'choose', '', ['reuseport', 'reuseport']],
  ['by number', 'choose_by_number', ", { as: 'reuseport' }", ['reuseport', 'reuseport']],
])('a socket of a group is chosen %s', (_, program, options, as) => {
  const answers = answersOf(
    `
    run(async () => {
      const sockets = [await socketOf({ fd: 100 }), await socketOf({ fd: 101 })];
      for (const number of [0, 1]) object.map('members').set(number, BigInt(100 + number));
      let told;
      for (const [i, socket] of sockets.entries()) socket.on('message', () => told(i));
      const receiver = () => new Promise((resolve) => {
        told = resolve;
        sender.send('x', sockets[0].address().port, '127.0.0.1');
      });
      const attachment = object.program('${program}').attachSocket(100${options});
      answers.as = [attachment.as];
      answers.chosen = [];
      for (const number of [1, 0, 1]) {
        variable('chosen').value = number;
        answers.chosen.push(await receiver());
      }
      answers.hits = hits();
      attachment.close();
      await receiver();
      answers.afterwards = hits();
      answers.as.push(attachment.as);
      for (const socket of sockets) socket.close();
    });
    `,
    [compileReuseport()],
  );
  expect(answers).toEqual({ as, chosen: [1, 0, 1], hits: 3, afterwards: 3 });
});

test('refusals', () => {
  const answers = answersOf(`
    run(async () => {
      const socket = await socketOf({ address: '127.0.0.1', port: 0 });
      const { fd } = socket._handle;
      const file = fs.openSync('/dev/null', 'r');
      const filter = object.program('filter');
      answers.file = messageOf(() => filter.attachSocket(file));
      answers.notOpen = codeOf(() => filter.attachSocket(4000));
      answers.noNumber = codeOf(() => filter.attachSocket(socket));
      answers.option = codeOf(() => filter.attachSocket(fd, { as: 'both' }));
      answers.group = messageOf(() => filter.attachSocket(fd, { as: 'reuseport' }));
      answers.type = messageOf(() => object.program('choose').attachSocket(fd, { as: 'filter' }));
      const unloaded = subskel.BpfObject.open(args.file);
      answers.unloaded = codeOf(() => unloaded.program('filter').attachSocket(fd));
      unloaded.close();
      answers.closed = codeOf(() => unloaded.program('filter'));
      fs.closeSync(file);
      socket.close();
    });
  `);
  expect(answers).toEqual({
    file: expect.stringMatching(/ENOTSOCK .* in SO_COOKIE; it is not a socket$/),
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
