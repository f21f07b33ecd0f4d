import { checkOptions } from '../../util/check';
import type { LogLevel, LibbpfOpenOptions } from '../../native/surface/addon';

export interface OpenOptions extends LibbpfOpenOptions {
  /** Which of libbpf's messages errors carry; default 'info'. */
  readonly logLevel?: LogLevel | undefined;
}

/** @throws ArgumentError */
export function checkOpenOptions(options: OpenOptions): void {
  checkOptions<OpenOptions>(options, 'options', {
    name: 'string',
    kconfig: 'string',
    btfCustomPath: 'string',
    pinRootPath: 'string',
    bpfTokenPath: 'string',
    relaxedMaps: 'boolean',
    kernelLogLevel: 'integer',
    logLevel: ['none', 'warn', 'info', 'debug'],
  });
}
