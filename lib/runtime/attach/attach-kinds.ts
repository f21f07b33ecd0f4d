/** All ways to attach a program, by the name of the method of BpfProgram. */
import { ITER } from './attach-iter';
import type { AnyAttachKind } from './attach-kind';
import { NETWORK } from './attach-network';
import { SOCKET } from './attach-socket';
import { TRACING } from './attach-tracing';

export const ATTACH_KINDS: Readonly<Record<string, AnyAttachKind>> = {
  ...TRACING,
  ...NETWORK,
  ...ITER,
  ...SOCKET,
};
