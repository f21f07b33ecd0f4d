/** Whether an error has one of these codes: ours ('ERR_CLOSED'), or the name of an errno, whether BpfError or Node's own. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && codes.includes(code);
}
