/** Of types that tsc compares. `any` is equal to nothing. */
export type Equal<A, B> = 0 extends 1 & A ? false : [A, B] extends [B, A] ? true : false;
/** `check(true satisfies Equal<A, B>)` compiles where A is B. */
export const check = (same: true): true => same;
