/** Makes our errors of what the addon knows when a call fails; the addon throws the result. */
import {
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
  const help = remedy(syscall, code, reading);
  const meaning = reading.verdict === undefined ? errnoMeaning(errno) : 'the verifier rejected a program';
  const said = reading.reason;
  const message =
    `${operation}: ${code}${meaning === '' ? '' : ` (${meaning})`} in ${syscall}` +
    (said === '' ? '' : `: ${said}`) +
    (help === undefined ? '' : `; ${help}`);
  return new BpfError({ operation, code, errno, syscall, log, remedy: help }, message);
}

/** The verifier gives up where a signal is pending: what it has said until then is no verdict. */
function readingOf(code: string, log: string): LogReading {
  const reading = readLog(log);
  if (code !== 'EAGAIN' || reading.verdict === undefined) return reading;
  return { reason: 'a signal interrupted the verifier', refusedByKernel: true };
}

/** The same error with another remedy. */
export function withRemedy(error: BpfError, remedy: string): BpfError {
  const { operation, code, errno, syscall, log } = error;
  const said =
    error.remedy === undefined ? error.message : error.message.slice(0, -`; ${error.remedy}`.length);
  return new BpfError({ operation, code, errno, syscall, log, remedy }, `${said}; ${remedy}`);
}
