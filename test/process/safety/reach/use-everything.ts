/** Calls all that has to do with native handles and memory, in the states that there are. */
import type * as Subskel from '../../../../lib';

export interface Files {
  readonly objects: string;
  readonly events: string;
}

export type See = (value: unknown, name: string) => void;

/** `see` is shown what users get. */
export async function useEverything(
  subskel: typeof Subskel,
  files: Files,
  see: See = () => undefined,
): Promise<void> {
  useObject(subskel, files.objects, see);
  useMaps(subskel, see);
  await useEvents(subskel, files.events, see);
  const pidfd = subskel.Pidfd.open(process.pid);
  see(pidfd, 'a Pidfd');
  pidfd.close();
  for (const id of subskel.kernel.maps()) see(id, 'of kernel.maps()');
  see(subskel.kernel, 'kernel');
}

function useObject(subskel: typeof Subskel, file: string, see: See): void {
  const object = subskel.BpfObject.open(file);
  see(object, 'an object, open');
  object.load();
  for (const map of object.maps.values()) {
    see([map.type, map.info(), map.closed], 'of a map');
    try {
      see([...map.batches()], 'batches');
      see([...map.rawBatches()], 'raw batches');
    } catch (error) {
      see(error, 'an error');
    }
  }
  for (const program of object.programs.values()) {
    see([program.type, program.info(), program.code().lines, program.instructions()], 'of a program');
  }
  for (const section of object.sections.values()) {
    for (const variable of section) see([variable.value, variable.read()], 'of a variable');
  }
  const shared = subskel.SharedSection.open(object.section('.bss').share());
  see(shared, 'a shared section');
  shared.close();
  see(object.btf.type('int'), 'a type');
  const link = object.program('on_enter').attach();
  see([link, link.info(), object.links], 'a link');
  see(object, 'an object, loaded');
  const subskeleton = subskel.openSubskeleton(object, subskel.describe(file));
  see(subskeleton, 'a subskeleton');
  subskeleton.close();
  link.close();
  const loaded = subskel.LoadedObject.fromProgram(object.program('on_enter'));
  for (const section of loaded.sections.values()) {
    see(section, 'a loaded section');
    for (const variable of section) see([variable, variable.value, variable.read()], 'of a loaded variable');
  }
  see([loaded, loaded.btf, [...loaded.maps.values()], [...loaded.programs.values()]], 'a loaded object');
  const opened = subskel.openSubskeleton(loaded, subskel.describe(file), { optional: true });
  see(opened, 'a subskeleton of a loaded object');
  loaded.close();
  see(loaded, 'a loaded object, closed');
  object.close();
  see(object, 'an object, closed');
}

function useMaps({ BpfMap }: typeof Subskel, see: See): void {
  const hash = BpfMap.create<number, bigint>({ type: 'hash', key: 'u32', value: 'u64', maxEntries: 16 });
  hash.set(1, 2n).setMany([[2, 3n]]);
  see([hash.get(1), hash.withInt64('number').get(2), hash.toMap(), [...hash.drain()], hash], 'of a hash map');
  const inner = BpfMap.create({ type: 'array', key: 'u32', value: 'u64', maxEntries: 4, flags: 1 << 10 });
  const outer = BpfMap.create<number, number, Subskel.BpfMap>({
    type: 'array_of_maps',
    value: 'u32',
    maxEntries: 4,
    innerMap: inner,
  });
  outer.set(0, inner);
  outer.inner(0)?.close();
  inner.at(1).write(3n);
  see([inner.at(1), inner.asArray(), outer.get(0)], 'of an array');
  const shared = BpfMap.openShared(inner.share());
  const again = BpfMap.fromFd(inner.fd);
  see([shared, again], 'a map of its own');
  for (const map of [shared, again, outer, inner, hash]) map.close();
  see(inner, 'a map, closed');
}

async function useEvents(subskel: typeof Subskel, file: string, see: See): Promise<void> {
  const object = subskel.BpfObject.open(file);
  object.load();
  const produce = (): void => {
    object.program('produce').testRun({ context: new Uint8Array([8, ...new Array<number>(31).fill(0)]) });
  };
  const seeBatch = (batch: Subskel.Batch<object>): void => {
    see(
      [batch, batch.length, batch.at(0), batch.at(-1), batch.bytes(0), batch.read(), [...batch]],
      'of a batch',
    );
    batch.forEach((record) => see(record, 'a record'));
    see((batch as object).constructor, 'the class of a batch');
  };
  const ring = new subskel.RingBuffer<object>(object.map('ring'), { type: 'struct record', int64: 'number' });
  produce();
  ring.consume(seeBatch);
  ring.on('records', seeBatch);
  produce();
  ring.flush();
  ring.off('records', seeBatch);
  produce();
  see([ring.consume(), ring.state(), ring], 'of a ring buffer');
  produce();
  for await (const record of ring) {
    see(record, 'a record of an iteration');
    break;
  }
  see(ring.records(), 'an iteration');
  ring.close();
  see(ring, 'a ring buffer, closed');
  for (const type of [
    undefined,
    { tag: 'kind', types: { 1: 'struct opened', 7: 'struct closed', 3: 'struct opened' } },
  ]) {
    const small = new subskel.RingBuffer<object>(object.map('small'), { type });
    object.program('tagged').testRun();
    try {
      small.consume(seeBatch);
      object.program('tagged').testRun();
      see(small.consume(), 'tagged records');
    } catch (error) {
      see(error, 'an error');
    }
    small.close();
  }
  const perf = new subskel.PerfBuffer(object.map('perf'), { pages: 1 });
  see([perf.consume(), perf.lost, perf], 'of a perf buffer');
  perf.close();
  const user = new subskel.UserRingBuffer(object.map('commands'));
  const sample = user.reserve(8);
  see([user, sample], 'of a user ring buffer');
  sample?.discard();
  user.submit(new Uint8Array(8), undefined);
  user.close();
  object.close();
}
