/**
 * The word `info` that each record has. Up to Linux 7.0 vlen had 16 bits and the kind 5 (4, before 5.16); those that came to
 * them were zero until then, so that all BTF is read the same way.
 */
import { KIND_NAMES } from './records';

/** How many members, parameters, constants or entries a record may have. */
export const MAX_VLEN = 0xff_ffff;

/** The index in KIND_NAMES of what this version does not know. */
export const UNKNOWN_KIND = KIND_NAMES.indexOf('unknown');

/** The kind as it is in the file, 0 to 127. */
export const kindOf = (info: number): number => (info >>> 24) & 0x7f;

/** Its index in KIND_NAMES. */
export const knownKindOf = (info: number): number => Math.min(kindOf(info), UNKNOWN_KIND);

/** How many entries follow; of a function its linkage. */
export const vlenOf = (info: number): number => info & MAX_VLEN;

export const flagOf = (info: number): boolean => info >>> 31 === 1;

export const infoOf = (kind: number, vlen: number, flag: boolean): number =>
  (flag ? 2 ** 31 : 0) + kind * 2 ** 24 + vlen;
