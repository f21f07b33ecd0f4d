/** Programs on sockets of this process alone, a case each; prints what they have done. */
import dgram from 'node:dgram';
import { once } from 'node:events';
import fs from 'node:fs';
import type * as Subskel from '../../../../lib';

declare const subskel: typeof Subskel;
declare const args: {
  readonly file: string;
  readonly name: keyof typeof CASES;
  /** Of the case that chooses among sockets. */
  readonly program: string;
  readonly options?: Subskel.SocketOptions;
};

type Socket = dgram.Socket & { readonly _handle: { readonly fd: number } };

const object = subskel.BpfObject.open(args.file);
object.load();
const variable = (name: string): Subskel.Variable =>
  object.section(name === 'keep' ? '.data' : '.bss').variables.get(name)!;
const hits = (): number => Number(variable('hits').value);

function errorOf(work: () => unknown): { code: string; message: string } {
  try {
    work();
    return { code: 'none', message: 'none' };
  } catch (error) {
    return error as { code: string; message: string };
  }
}
const codeOf = (work: () => unknown): string => errorOf(work).code;
const messageOf = (work: () => unknown): string => errorOf(work).message;

const answers: Record<string, unknown> = {};
const sender = dgram.createSocket('udp4');
const within = AbortSignal.timeout(20_000);
const send = (socket: Socket, text: string): void => sender.send(text, socket.address().port, '127.0.0.1');

async function socketOf(options: dgram.BindOptions): Promise<Socket> {
  const socket = dgram.createSocket('udp4');
  const listening = once(socket, 'listening', { signal: within });
  socket.bind(options);
  await listening;
  return socket as Socket;
}

async function received(socket: Socket, text: string): Promise<string> {
  const message = once(socket, 'message', { signal: within });
  send(socket, text);
  return String((await message)[0]);
}

export const CASES = {
  filter: async () => {
    const socket = await socketOf({ address: '127.0.0.1', port: 0 });
    const { fd } = socket._handle;
    await received(socket, 'the sender has a descriptor now');
    const before = fs.readdirSync('/proc/self/fd').length;
    const attachment = object.program('filter').attachSocket(fd);
    answers['as'] = [attachment.as, attachment.program.name, attachment.closed];
    answers['whole'] = await received(socket, 'hello world');
    variable('keep').value = 8 + 5;
    answers['shortened'] = await received(socket, 'hello world');
    variable('keep').value = 0;
    const next = once(socket, 'message', { signal: within });
    send(socket, 'dropped');
    while (hits() < 3) await new Promise(setImmediate);
    attachment.close();
    attachment.close();
    send(socket, 'kept');
    answers['afterwards'] = String((await next)[0]);
    answers['hits'] = hits();
    answers['closed'] = attachment.closed;
    answers['descriptors'] = fs.readdirSync('/proc/self/fd').length - before;
    socket.close();
  },

  replaced: async () => {
    const socket = await socketOf({ address: '127.0.0.1', port: 0 });
    const first = object.program('filter').attachSocket(socket._handle.fd);
    const second = object.program('filter').attachSocket(socket._handle.fd);
    first.close();
    await received(socket, 'x');
    answers['replaced'] = hits();
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
    answers['sameDescriptor'] = later._handle.fd === fd;
    const kept = other.program('filter').attachSocket(later._handle.fd);
    gone.close();
    await received(later, 'x');
    answers['kept'] = Number(other.section('.bss').variables.get('hits')!.value);
    kept.close();
    later.close();
    other.close();
  },

  chosen: async () => {
    const sockets = [await socketOf({ fd: 100 }), await socketOf({ fd: 101 })];
    for (const number of [0, 1]) object.map('members').set(number, BigInt(100 + number));
    let told: (i: number) => void = () => undefined;
    for (const [i, socket] of sockets.entries()) {
      socket.on('message', () => {
        told(i);
      });
    }
    const receiver = (): Promise<number> =>
      new Promise((resolve) => {
        told = resolve;
        send(sockets[0]!, 'x');
      });
    const attachment = object.program(args.program).attachSocket(100, args.options);
    const as: unknown[] = [attachment.as];
    const chosen: number[] = [];
    for (const number of [1, 0, 1]) {
      variable('chosen').value = number;
      chosen.push(await receiver());
    }
    answers['hits'] = hits();
    attachment.close();
    await receiver();
    answers['afterwards'] = hits();
    as.push(attachment.as);
    for (const socket of sockets) socket.close();
    Object.assign(answers, { as, chosen });
  },

  refused: async () => {
    const socket = await socketOf({ address: '127.0.0.1', port: 0 });
    const { fd } = socket._handle;
    const file = fs.openSync('/dev/null', 'r');
    const filter = object.program('filter');
    answers['file'] = messageOf(() => filter.attachSocket(file));
    answers['notOpen'] = codeOf(() => filter.attachSocket(4000));
    answers['noNumber'] = codeOf(() => filter.attachSocket(socket as never));
    answers['option'] = codeOf(() => filter.attachSocket(fd, { as: 'both' as 'filter' }));
    answers['group'] = messageOf(() => filter.attachSocket(fd, { as: 'reuseport' }));
    answers['type'] = messageOf(() => object.program('choose').attachSocket(fd, { as: 'filter' }));
    const unloaded = subskel.BpfObject.open(args.file);
    answers['unloaded'] = codeOf(() => unloaded.program('filter').attachSocket(fd));
    unloaded.close();
    answers['closed'] = codeOf(() => unloaded.program('filter'));
    fs.closeSync(file);
    socket.close();
  },
};

void CASES[args.name]().then(() => {
  sender.close();
  object.close();
  console.log(JSON.stringify(answers));
});
