/** One of the kernel's enums of kinds: names by number, and back. */
export interface KindNames<Name extends string> {
  readonly names: readonly Name[];
  /** The name of a number; 'type_99' for one that is newer than the list. */
  readonly nameOf: (number: number) => string;
  /** The number of a name; undefined for one that nameOf() never gives. */
  readonly numberOf: (name: string) => number | undefined;
}

export function kindNames<Name extends string>(names: readonly Name[]): KindNames<Name> {
  const numbers = new Map<string, number>(names.map((name, number) => [name, number]));
  return {
    names,
    nameOf: (number) => names[number] ?? `type_${String(number)}`,
    numberOf: (name) => {
      const known = numbers.get(name);
      if (known !== undefined) return known;
      const match = /^type_(\d{1,10})$/.exec(name);
      return match === null ? undefined : Number(match[1]);
    },
  };
}
