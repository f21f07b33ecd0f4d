/** Makes our errors of what the addon knows when a call fails; the addon throws the result. */
import {
  type BpfErrorDetails,
  AlreadyLoadedError,
  ArgumentError,
  BpfError,
  BusyError,
  ClosedError,
  ElfError,
  NotLoadedError,
  UnsupportedError,
} from '../../errors';
import type { NativeFailure } from '../surface/addon';
import { errnoMeaning, errnoName } from './errno';
import { readLog, type LogReading } from './log';
import { verifierError } from './rejection';
import { ourReason } from './reasons';
import { operationPhrase, remedy } from './remedies';

/** "load object 'agent': EPERM (operation not permitted) in bpf_object__load: <last useful line>; <remedy>" */
export function failure(what: NativeFailure): Error {
  switch (what.kind) {
    case 'closed':
      return new ClosedError(what.log);
    case 'argument':
      return new ArgumentError(what.log);
    case 'not-loaded':
      return new NotLoadedError(what.log);
    case 'already-loaded':
      return new AlreadyLoadedError(what.log);
    case 'unsupported':
      return new UnsupportedError(what.log);
    case 'busy':
      return new BusyError(what.log);
    case 'elf':
      return new ElfError(what.subject, what.log);
    case 'bpf':
      return bpfError(what);
  }
}

function bpfError({ syscall, errno, subject, log }: NativeFailure): BpfError {
  const code = errnoName(errno);
  const operation = operationPhrase(syscall, subject);
  const reading = readingOf(code, log);
  const { verdict, failed } = reading;
  if (verdict !== undefined) {
    return verifierError({ operation, code, errno, syscall, log }, failed?.name, verdict);
  }
  const ours = ourReason(reading.reason);
  const help = ours?.text ?? remedy(syscall, code, reading);
  const details = { operation, code, errno, syscall, log };
  if (ours?.instead === true) return withReason(details, ours.text);
  return new BpfError(
    { ...details, remedy: help },
    sentence(details, [reading.reason, help ?? ''].filter((text) => text !== '').join('; ')),
  );
}

/** "load object 'agent': EPERM (operation not permitted) in bpf_object__load: …" */
function sentence({ operation, code, errno, syscall }: BpfErrorDetails, said: string): string {
  const meaning = errnoMeaning(errno);
  return `${operation}: ${code}${meaning === '' ? '' : ` (${meaning})`} in ${syscall}${said === '' ? '' : `: ${said}`}`;
}

/** An error that says why in our words: libbpf's are in its log. */
export function withReason(
  { operation, code, errno, syscall, log }: BpfErrorDetails,
  reason: string,
): BpfError {
  const details = { operation, code, errno, syscall, log, remedy: reason };
  return new BpfError(details, sentence(details, reason));
}

/** Why the verifier gave up: what it has said until then is no verdict. */
const GIVEN_UP: Readonly<Record<string, string>> = {
  EAGAIN: 'a signal interrupted the verifier',
  ENOMEM: 'the verifier ran out of memory',
  ENOSPC: "the verifier's log did not fit into its buffer",
};

/** Whether the verifier ended without a verdict. */
export const gaveUp = (code: string): boolean => Object.hasOwn(GIVEN_UP, code);

function readingOf(code: string, log: string): LogReading {
  const reading = readLog(log);
  const why = GIVEN_UP[code];
  return why === undefined || reading.verdict === undefined
    ? reading
    : { reason: why, refusedByKernel: true };
}

/** The same error with another remedy. */
export function withRemedy(error: BpfError, remedy: string): BpfError {
  const { operation, code, errno, syscall, log } = error;
  const said =
    error.remedy === undefined ? error.message : error.message.slice(0, -`; ${error.remedy}`.length);
  return new BpfError({ operation, code, errno, syscall, log, remedy }, `${said}; ${remedy}`);
}
