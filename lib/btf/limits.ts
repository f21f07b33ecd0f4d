/**
 * How deep and how large types may be. BTF and descriptors come from files that anyone may have written: without these
 * bounds a few bytes could ask for more memory, time or stack than there is.
 */

/** Levels of types within types. C compilers give up at 256. */
export const MAX_DEPTH = 256;

/** Types that need each other's definitions, in a row: typedefs of pointers to functions that take typedefs. */
export const MAX_DEFINITION_DEPTH = 1024;

/** Typedefs and qualifiers in a row; the kernel allows 32. */
export const MAX_CHAIN = 256;

/** Members of a struct with all members of its members. A kernel's largest has about three thousand. */
export const MAX_NODES = 100_000;

/** Elements of arrays whose elements have no size, in one value: nothing else bounds them. */
export const MAX_EMPTY_ELEMENTS = 65_536;
