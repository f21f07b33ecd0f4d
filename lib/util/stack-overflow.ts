/** Whether an error is the engine's own for a stack that is used up. It is a RangeError like those of DataView and TypedArrays. */
export function isStackOverflow(error: unknown): error is RangeError {
  return error instanceof RangeError && /^Maximum call stack size exceeded/.test(error.message);
}
