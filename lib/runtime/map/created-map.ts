/** The type that a map has by the options it is made with. lib/runtime/map/elements/element-codecs.ts decides the same at run time. */
import type { MapTraits, MapTraitsOf, MapType } from '../../uapi/map-types';
import type { BpfMap } from './bpf-map';
import type { Int64Map } from './int64-map';
import type { Int64Kind } from '../../events/reader/typed-records';
import type { CreateMapOptions } from './open-map';
import type { ScalarName, WideName } from './scalar-types';

type Has<O extends CreateMapOptions, Trait extends keyof MapTraits> =
  MapTraitsOf<O['type'] & MapType> extends { readonly [T in Trait]: true } ? true : false;

/** A key or value by what the option says; `Default` without it, `Bytes` where it says how many bytes there are. */
type ElementOf<Given, I extends Int64Kind, Default, Bytes> = Given extends undefined
  ? Default
  : Given extends WideName
    ? I extends 'number'
      ? number
      : bigint
    : Given extends ScalarName
      ? number
      : Given extends number
        ? Bytes
        : unknown;

type Given<O, Name extends string> = O extends { readonly [N in Name]: infer E } ? E : undefined;

type IndexOrBytes<Indexed> = Indexed extends true ? number : Uint8Array;

type KeyOf<O extends CreateMapOptions, I extends Int64Kind> =
  Has<O, 'keyless'> extends true
    ? undefined
    : ElementOf<
        Given<O, 'key'>,
        I,
        Has<O, 'storage'> extends true ? number : IndexOrBytes<Has<O, 'indexed'>>,
        IndexOrBytes<Has<O, 'indexed'>>
      >;

type OneValueOf<O extends CreateMapOptions, I extends Int64Kind> = ElementOf<
  Given<O, 'value'>,
  I,
  Uint8Array,
  Has<O, 'numbers'> extends true ? (Given<O, 'value'> extends 4 ? number : Uint8Array) : Uint8Array
>;

interface Held {
  readonly maps: BpfMap;
  readonly programs: { readonly fd: number };
}

type MapBy<O extends CreateMapOptions, I extends Int64Kind> =
  MapTraitsOf<O['type'] & MapType> extends { readonly holds: infer H extends keyof Held }
    ? BpfMap<KeyOf<O, I>, number, Held[H]>
    : BpfMap<KeyOf<O, I>, Has<O, 'perCpu'> extends true ? OneValueOf<O, I>[] : OneValueOf<O, I>>;

type Int64Given<O> = Given<O, 'int64'> extends infer I extends Int64Kind ? I : 'bigint';

/** What `BpfMap.create(options)` gives. A type of map that is not known here has unknown keys and values. */
export type CreatedMap<O extends CreateMapOptions> = O['type'] extends MapType
  ? [Extract<Given<O, 'key'> | Given<O, 'value'>, WideName>] extends [never]
    ? MapBy<O, 'bigint'>
    : Int64Map<MapBy<O, 'bigint'>, MapBy<O, 'number'>, Int64Given<O>>
  : BpfMap;
