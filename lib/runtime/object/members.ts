/** What an object consists of: its maps, programs, sections and struct_ops variables. */
import { resolveType } from '../../btf/layout/resolve';
import type { Type } from '../../btf/layout/layout-model';
import type { RawBtf } from '../../btf/records/record-table';
import { checkString } from '../../util/check';
import { ARENA_SECTION } from '../../uapi/sections';
import { ArgumentError, NotFoundError } from '../../errors';
import type { Variable } from '../../memory/types';
import type { Part } from '../../native/failure/needing';
import type { NativeMap } from '../../native/surface/map';
import type { NativeProgram } from '../../native/surface/program';
import { OURS } from '../../util/ours';
import { alternatives } from '../../util/suggest';
import { BpfMap } from '../map/bpf-map';
import { fitRecordMap } from '../map/definition';
import { MapState, UNTYPED, type MapTypes } from '../map/map-state';
import type { BpfObject } from './bpf-object';
import type { ObjectState } from './object-state';
import { BpfProgram } from '../program/bpf-program';
import { programKinds } from '../program/program-kinds';
import { accessTo, Section } from '../section/section';
import type { ObjectSymbols } from '../section/variables';
import { StructOps } from './struct-ops';
import { mapTypes } from '../../uapi/map-types';

export interface Members {
  readonly maps: ReadonlyMap<string, BpfMap>;
  readonly programs: ReadonlyMap<string, BpfProgram>;
  readonly sections: ReadonlyMap<string, Section>;
  readonly structOps: ReadonlyMap<string, StructOps>;
}

export function collectMembers(object: BpfObject, state: ObjectState): Members {
  const { native, links, readers } = state;
  const btf = (): RawBtf => state.rawBtf;
  const owner = { btf, btfBytes: () => state.btfBytes(), readers };
  const maps = new Map<string, BpfMap>();
  const sections = new Map<string, Section>();
  const structOps = new Map<string, StructOps>();
  const nativeMaps = native.maps();
  // By their index: an iterator could be another's, and get hold of them.
  for (let i = 0; i < nativeMaps.length; i++) {
    const nativeMap = nativeMaps[i] as NativeMap;
    if (state.phase === 'opened') fitRecordMap(nativeMap);
    const map = new BpfMap(
      OURS,
      new MapState({
        source: nativeMap,
        types: typesOf(state, nativeMap),
        definition: nativeMap,
        owner,
        reused: () => {
          const section = sections.get(nativeMap.section);
          if (section !== undefined) accessTo(section).adopt();
        },
      }),
    );
    maps.set(map.section ?? map.name, map);
    if (nativeMap.type === mapTypes.rows.struct_ops.number) {
      structOps.set(map.name, new StructOps(nativeMap, map as BpfMap<number>, object, () => state.phase));
    }
    const section = sectionOf(state, nativeMap);
    if (section !== undefined) sections.set(section, new Section(section, map, nativeMap, state));
  }
  const programs = new Map<string, BpfProgram>();
  const nativePrograms = native.programs();
  for (let i = 0; i < nativePrograms.length; i++) {
    const program = new BpfProgram(OURS, nativePrograms[i] as NativeProgram, { btf, links });
    programs.set(program.name, program);
  }
  return { maps, programs, sections, structOps };
}

/** What the kernel has to know to load them. */
export function partsOf({ maps, programs }: Members): Part[] {
  const created = [...maps.values()].filter(({ autocreate }) => autocreate);
  const loaded = [...programs.values()].filter(({ autoload }) => autoload);
  return [
    ...created.map((map): Part => ({ name: map.name, mapType: map.type, shape: () => map })),
    ...loaded.map((program): Part => {
      const { name, section } = program;
      return { name, section, ...programKinds(program), ownLog: () => program.log };
    }),
  ];
}

/** @throws NotFoundError; ArgumentError where the name does not say which one */
export function variableNamed(
  name: string,
  symbols: ObjectSymbols,
  sections: ReadonlyMap<string, Section>,
  object: string,
): Variable {
  checkString(name, 'variable name');
  const all = symbols.named(name).filter(({ section }) => sections.has(section));
  const globals = all.filter(({ linkage }) => linkage !== 'static');
  const places = new Set((globals.length > 0 ? globals : all).map(({ section }) => section));
  const [place, another] = places;
  if (another !== undefined) {
    throw new ArgumentError(
      `object '${object}' has a static variable '${name}' in ${[...places].join(' and ')}: take it from section('${another}').variables or its like`,
    );
  }
  const variable = place === undefined ? undefined : sections.get(place)?.variables.get(name);
  if (variable !== undefined) return variable;
  const names = [...sections.values()].flatMap(({ variables }) => [...variables.keys()]);
  throw new NotFoundError(`object '${object}' has no variable '${name}'${alternatives(name, names)}`);
}

/** An arena is no internal map, but where there are arena variables, it holds them. */
function sectionOf(state: ObjectState, { section, type }: NativeMap): string | undefined {
  if (section !== '') return section;
  const hasVariables =
    type === mapTypes.rows.arena.number && state.symbols.ofSection(ARENA_SECTION).length > 0;
  return hasVariables ? ARENA_SECTION : undefined;
}

/** Resolved when a key or value is. */
function typesOf(state: ObjectState, native: NativeMap): () => MapTypes {
  const { btfKeyTypeId, btfValueTypeId, section } = native;
  // A section's map has its DATASEC as value type: its variables are the typed way to it.
  if (section !== '' || (btfKeyTypeId === 0 && btfValueTypeId === 0)) return () => UNTYPED;
  const resolve = (id: number): Type | undefined => (id === 0 ? undefined : resolveType(state.rawBtf, id));
  return () => ({ key: resolve(btfKeyTypeId), value: resolve(btfValueTypeId) });
}
