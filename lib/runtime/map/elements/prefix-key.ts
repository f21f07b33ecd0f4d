/** Keys of LPM tries for addresses of IP: `struct bpf_lpm_trie_key`, the prefix's length in bits, then the address. */
import { isByteArray, viewOf } from '../../../util/bytes';
import { checkString, refuse } from '../../../util/check';
import { bytesOfAddress, textOfAddress, V4_BYTES, V6_BYTES } from '../../../util/ip-address';
import { ArgumentError } from '../../../errors';

const LENGTH_BYTES = 4;

/**
 * The key of an LPM trie for '10.0.0.0/8' or '2001:db8::/32', as bytes: 8 for IPv4, 20 for IPv6. Without a length it is the one
 * address. Bits behind the prefix stay as they are: the kernel does not look at them.
 * @throws ArgumentError
 */
export function prefixKey(prefix: string): Uint8Array {
  checkString(prefix, 'prefix');
  const [address = '', length, ...rest] = prefix.split('/');
  const bytes = bytesOfAddress(address);
  const most = (bytes?.length ?? 0) * 8;
  const bits = length === undefined ? most : /^\d{1,3}$/.test(length) ? Number(length) : Infinity;
  if (bytes === undefined || bits > most || rest.length > 0) {
    throw new ArgumentError(
      `prefix must be an IP address, '/' and a prefix length ('10.0.0.0/8', '2001:db8::/32'), not '${prefix}'`,
    );
  }
  const key = new Uint8Array(LENGTH_BYTES + bytes.length);
  viewOf(key).setUint32(0, bits, true);
  key.set(bytes, LENGTH_BYTES);
  return key;
}

/** What prefixKey() was given: '10.0.0.0/8', with the length in any case. @throws ArgumentError for other bytes */
export function prefixOf(key: Uint8Array): string {
  const size = isByteArray(key) ? key.length - LENGTH_BYTES : 0;
  if (size !== V4_BYTES && size !== V6_BYTES) refuse('key', 'a Uint8Array of 8 or 20 bytes', key);
  const length = viewOf(key).getUint32(0, true);
  if (length > size * 8) throw new ArgumentError(`key: ${String(length)} bits are more than an address has`);
  return `${textOfAddress(key.subarray(LENGTH_BYTES))}/${String(length)}`;
}
