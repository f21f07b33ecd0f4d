/** One of the kernel's enums of kinds, a row per kind: by its name, by its number, and back. */
import type { Requirement } from './requirement';

/** One of these names, which an editor offers; or another: that of a newer kernel. */
export type OrNewer<Name extends string> = Name | (string & Record<never, never>);

export interface KindRow {
  readonly number: number;
  /** What the kernel must be to know it; undefined for the 0 of an enum, which is no kind. */
  readonly needs?: Requirement;
}

export interface KindTable<Name extends string, Row extends KindRow = KindRow> {
  /** In the order of their numbers. */
  readonly names: readonly Name[];
  readonly rows: Readonly<Record<Name, Row>>;
  /** The name of a number; 'type_99' for one that is newer than the table. */
  readonly nameOf: (number: number) => OrNewer<Name>;
  /** The number of a name; undefined for one that nameOf() never gives. */
  readonly numberOf: (name: string) => number | undefined;
  /** undefined for a name that is newer than the table, or none. */
  readonly row: (name: string) => Row | undefined;
}

/** The numbers of the rows are 0, 1, 2 and so on, as the kernel's enums are. */
export function kindTable<Name extends string, Row extends KindRow>(
  rows: Readonly<Record<Name, Row>>,
): KindTable<Name, Row> {
  const names = Object.keys(rows) as Name[];
  const known = new Map<string, Row>(Object.entries<Row>(rows));
  return {
    names,
    rows,
    nameOf: (number) => names[number] ?? `type_${String(number)}`,
    numberOf: (name) => {
      const number = known.get(name)?.number;
      if (number !== undefined) return number;
      const match = /^type_(\d{1,10})$/.exec(name);
      return match === null ? undefined : Number(match[1]);
    },
    row: (name) => known.get(name),
  };
}
