/**
 * How the addon's handles and mappings end, below the runtime: by garbage collection, with a worker, with the process.
 * SUBSKEL_TEST_NODES names further Node.js binaries (separated by ':') to run it all with.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { compileBpf, ROOT } from '../../support/compile';

const NODES = [process.execPath, ...(process.env['SUBSKEL_TEST_NODES'] ?? '').split(':').filter(Boolean)];

const HELPERS = `
const fs = require('node:fs');
const { Worker } = require('node:worker_threads');
const addon = require(process.env.ADDON);
const FILE = process.env.FILE;
const lines = (pattern) => fs.readFileSync('/proc/self/maps', 'utf8').split('\\n').filter((l) => pattern.test(l)).length;
const mappings = () => lines(/bpf-map/);
const fds = () => fs.readdirSync('/proc/self/fd').filter((fd) => {
  try { return /bpf/.test(fs.readlinkSync('/proc/self/fd/' + fd)); } catch { return false; }
}).length;
const turn = (ms = 10) => new Promise((done) => setTimeout(done, ms));
const until = async (condition) => {
  for (let i = 0; i < 200 && !condition(); i++) { gc(); await turn(); }
  return condition();
};
const open = () => { const object = addon.openFile(FILE, {}); object.load(); return object; };
const mapData = (object) => addon.mapMemory(object.findMap('.data').fd, 4).buffer;
/** Runs \`body\` in a worker, which posts when it is ready; \`end\` ends it, or it ends by itself. */
const inWorker = (body, end = () => {}) => new Promise((done, failed) => {
  const worker = new Worker(process.env.WORKER_HELPERS + body, { eval: true, env: process.env });
  let answer;
  worker.on('message', (message) => { answer = message; end(worker); });
  worker.on('error', failed);
  worker.on('exit', () => done(answer));
});
const tell = (value) => console.log(JSON.stringify(value));
`;
const WORKER_HELPERS = `
const { parentPort } = require('node:worker_threads');
const addon = require(process.env.ADDON);
const open = () => { const object = addon.openFile(process.env.FILE, {}); object.load(); return object; };
const mapData = (object) => addon.mapMemory(object.findMap('.data').fd, 4).buffer;
const ready = (value = true) => parentPort.postMessage(value);
`;

/** The JSON that the script tells last. */
function run(node: string, script: string): unknown {
  const { stdout, stderr, status, signal } = spawnSync(
    node,
    ['--expose-gc', '-e', `${HELPERS}(async () => {${script}})();`],
    {
      encoding: 'utf8',
      timeout: 60_000,
      env: {
        ...process.env,
        ADDON: process.env['LIBBPF_SUBSKEL_ADDON'] || path.join(ROOT, 'build/Release/libbpf_subskel.node'),
        FILE: compileBpf('addon'),
        WORKER_HELPERS,
      },
    },
  );
  expect({ signal, status, stderr }).toEqual({ signal: null, status: 0, stderr: '' });
  return JSON.parse(stdout.trim().split('\n').at(-1)!);
}

describe.each(NODES)('%s', (node) => {
  const major = Number(/^v(\d+)/.exec(spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout)?.[1]);

  describe('garbage collection', () => {
    test('everything dropped: every descriptor and mapping goes', () => {
      const script = `
        (() => { const object = open(); object.findProgram('on_enter').attach(); mapData(object); object.findMap('table').elements().runner()(); })();
        const before = [fds() > 3, mappings() > 3];
        tell([before, await until(() => fds() === 0 && mappings() === 0)]);`;
      expect(run(node, script)).toEqual([[true, true], true]);
    });

    test.each([
      ['a map', "open().findMap('table')", 'kept.elements().fd > 0', true],
      ['a program', "open().findProgram('run')", 'kept.testRun({ context: new Uint8Array(8) }).retval', 11],
      ['a link', "open().findProgram('on_enter').attach()", 'kept.fd >= 0', true],
    ])('%s alone keeps its object open', (_, keep, use, expected) => {
      const script = `
        let kept = (() => ${keep})();
        for (let i = 0; i < 10; i++) { gc(); await turn(); }
        const used = ${use};
        kept = undefined;
        tell([used, await until(() => fds() === 0)]);`;
      expect(run(node, script)).toEqual([expected, true]);
    });

    test('a program and a link without their object, and bare descriptors: dropped, they go', () => {
      const script = `
        (() => {
          const object = open();
          const program = addon.openProgramFd(object.findProgram('on_packet').fd);
          const link = addon.openLinkFd(object.findProgram('on_enter').attach().fd);
          globalThis.kept = [program, link];
          globalThis.bare = [addon.enableStats(), addon.openPerfEvent({ subject: 'x', type: 1, config: 0n, pid: 0, cpu: -1 })];
          object.close();
        })();
        const all = () => fs.readdirSync('/proc/self/fd').length;
        const before = fds();
        const bare = all();
        kept = undefined;
        const went = await until(() => fds() === 1); // The statistics' own.
        globalThis.bare = undefined;
        tell([before, went, await until(() => fds() === 0), bare - all()]);`;
      expect(run(node, script)).toEqual([3, true, true, 4]);
    });

    test('a view of a mapping alone keeps the memory, and nothing else', () => {
      const script = `
        let view = (() => new Uint32Array(mapData(open())))();
        const alone = await until(() => fds() === 0);
        const values = [alone, mappings(), view[0]];
        view = undefined;
        tell([...values, await until(() => mappings() === 0)]);`;
      expect(run(node, script)).toEqual([true, 1, 10, true]);
    });

    test('the memory of elements outlives their map, and the map its buffer', () => {
      const script = `
        const memory = (() => open().findMap('table').elements().memory())();
        await until(() => fds() === 0);
        new Uint8Array(memory).fill(1);
        const map = open().findMap('table');
        addon.detach(map.elements().memory(), false);
        for (let i = 0; i < 10; i++) { gc(); await turn(); }
        map.elements().runner()();
        tell([new Uint8Array(memory)[0], new Int32Array(map.elements().memory())[1]]);`;
      // No such key.
      expect(run(node, script)).toEqual([1, 2]);
    });

    test('the function that runs a call outlives everything else, and finds its map closed with its object', () => {
      const script = `
        const [run, memory] = (() => {
          const native = open().findMap('table').elements();
          return [native.runner(), native.memory()];
        })();
        const gone = await until(() => fds() === 0);
        run();
        tell([gone, new Int32Array(memory)[1]]);`;
      expect(run(node, script)).toEqual([true, -1]);
    });

    test('methods taken off a handle that is gone', () => {
      const script = `
        const freeze = (() => open().findMap('table').freeze)();
        await until(() => fds() === 0);
        let message;
        try { freeze.call(undefined); } catch (error) { message = error.constructor.name; }
        tell(message);`;
      expect(run(node, script)).toMatch(/Error$/);
    });
  });

  describe('workers', () => {
    const LIVE = `
      const object = open();
      globalThis.kept = [object, object.findMap('table').elements().runner(), mapData(object), object.findProgram('on_enter').attach()];
      const memory = new Uint32Array(kept[2]);`;

    test.each([
      ['falls off the end', `${LIVE} ready();`, ''],
      ['calls process.exit', `${LIVE} ready(); setTimeout(() => process.exit(), 10);`, ''],
      ['throws away everything first', `(() => {${LIVE}})(); globalThis.kept = undefined; ready();`, ''],
      [
        'closes and detaches, and ends at once',
        `${LIVE} object.close(); addon.detach(kept[2], false); ready(); process.exit();`,
        '',
      ],
      ['is terminated idle', `${LIVE} ready(); setInterval(() => memory[0], 1);`, 'worker.terminate()'],
      [
        'is terminated in a loop of calls',
        `${LIVE} ready(); const run = object.findMap('table').elements().runner(); for (;;) { run(); memory[0]++; }`,
        'setTimeout(() => worker.terminate(), 20)',
      ],
      [
        'is terminated while it opens and closes',
        `${LIVE} ready(); for (;;) { const other = open(); mapData(other); other.close(); }`,
        'setTimeout(() => worker.terminate(), 50)',
      ],
      [
        'is terminated in its error factory',
        `${LIVE} addon.setErrorFactory(() => { ready(); for (;;); }); addon.openFile('/nonexistent', {});`,
        'setTimeout(() => worker.terminate(), 20)',
      ],
    ])('one that %s leaves nothing', (_, body, end) => {
      const script = `
        for (let i = 0; i < 3; i++) await inWorker(${JSON.stringify(body)}, (worker) => { ${end} });
        tell([await until(() => fds() === 0), mappings()]);`;
      expect(run(node, script)).toEqual([true, 0]);
    });

    test('terminated at any moment of opening and closing: each of many leaves nothing', () => {
      const rounds = process.env['LIBBPF_SUBSKEL_TERMINATE_ROUNDS'] ?? '40';
      const body = `ready(); for (;;) { const object = addon.openFile(process.env.FILE, {}); object.findMap('table'); object.close(); }`;
      const script = `
        const all = () => fs.readdirSync('/proc/self/fd').length;
        const end = (worker) => setTimeout(() => worker.terminate(), Math.random() * 10);
        await inWorker(${JSON.stringify(body)}, end);
        const before = all();
        for (let i = 0; i < ${rounds}; i++) await inWorker(${JSON.stringify(body)}, end);
        tell((await until(() => all() === before)) ? 'nothing' : all() - before);`;
      expect(run(node, script)).toBe('nothing');
    });

    test('many one after the other do not fill the address space', () => {
      const body = `
        const object = addon.openFile(process.env.FILE, {});
        const large = object.findMap('.data.custom');
        large.setValueSize(32 << 20);
        object.load();
        globalThis.kept = addon.mapMemory(large.fd, large.valueSize).buffer;
        ready();
        process.exit();`;
      const script = `
        const size = () => Number(/VmSize:\\s+(\\d+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'))[1]) >> 10;
        const rounds = async (n) => { for (let i = 0; i < n; i++) await inWorker(${JSON.stringify(body)}); return size(); };
        const before = await rounds(3);
        tell([(await rounds(16)) - before, fds(), mappings()]);`;
      const [megabytes, ...rest] = run(node, script) as number[];
      expect(megabytes).toBeLessThan(8 * 32);
      expect(rest).toEqual([0, 0]);
    });

    test('several at once, each with its own error factory and log', () => {
      const body = `
        const object = open();
        addon.setErrorFactory(({ log }) => new Error(log));
        const name = 'w' + require('node:worker_threads').threadId;
        const wrong = [];
        for (let i = 0; i < 200; i++) {
          try { object.openSubskeleton({ name, maps: [name], programs: [], variables: [] }); wrong.push('no error'); }
          catch (error) { if (!error.message.includes("skeleton map '" + name + "'") || /map 'w/g.exec(error.message.replace("map '" + name, ''))) wrong.push(error.message); }
        }
        ready(wrong);`;
      const script = `tell((await Promise.all([1, 2, 3].map(() => inWorker(${JSON.stringify(body)})))).flat());`;
      expect(run(node, script)).toEqual([]);
    });

    // From Node 22 on a buffer can be moved: its memory outlives the worker that mapped it.
    const testMoving = major >= 22 ? test : () => undefined;
    testMoving('memory that was moved out of a worker stays harmless when that ends', () => {
      const body = `
        const buffer = mapData(open());
        const moved = buffer.transfer();
        parentPort.postMessage(moved, [moved]);`;
      const script = `
        const received = await inWorker(${JSON.stringify(body)});
        gc(); await turn(50); gc();
        const view = new Uint32Array(received);
        view[0] += 5;
        tell([received.byteLength, view[0], fds(), mappings()]);`;
      expect(run(node, script)).toEqual([4, 5, 0, 0]);
    });

    testMoving(
      'memory that was moved within its own environment is the map still, and goes with the last view',
      () => {
        const script = `
        const object = open();
        let moved = (() => mapData(object).transfer())();
        for (let i = 0; i < 10; i++) { gc(); await turn(); }
        const live = [new Uint32Array(moved)[0], mappings()];
        moved = undefined;
        const gone = await until(() => mappings() < live[1]);
        object.close();
        tell([live[0], gone, mappings()]);`;
        expect(run(node, script)).toEqual([10, true, 0]);
      },
    );
  });

  describe('the process', () => {
    test.each([
      [
        'process.exit in an error factory',
        "addon.setErrorFactory(() => process.exit(0)); addon.openFile('/nonexistent', {});",
      ],
      ['process.exit in a getter of options', 'addon.openFile(FILE, { get name() { process.exit(0); } });'],
      [
        'process.exit with everything live',
        "globalThis.kept = open(); kept.findProgram('on_enter').attach(); mapData(kept); process.exit(0);",
      ],
      [
        'an exit handler that uses and closes',
        "const object = open(); process.on('exit', () => { object.findMap('table').elements().runner()(); object.close(); });",
      ],
      [
        'a worker still running',
        `new Worker('require(process.env.ADDON).openFile(process.env.FILE, {}).load(); for (;;);', { eval: true, env: process.env }); await turn(100); process.exit(0);`,
      ],
    ])('%s', (_, script) => {
      expect(run(node, `tell('reached'); ${script}`)).toBe('reached');
    });
  });
});
