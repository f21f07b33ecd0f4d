/** Debian has bpftool in /usr/sbin, which is not in everybody's PATH. */
import { existsSync } from 'node:fs';

export const BPFTOOL = existsSync('/usr/sbin/bpftool') ? '/usr/sbin/bpftool' : 'bpftool';
