/** What attach() of a skeleton or subskeleton made. */
import { DEEP, ensureStack } from '../native/load/ensure-stack';
import { attachIfPossible } from '../runtime/object/attach-if-possible';
import type { StructOps } from '../runtime/object/struct-ops';
import type { BpfLink } from '../runtime/link/bpf-link';
import type { BpfProgram } from '../runtime/program/bpf-program';

export class Attachments {
  /** By the name of the program or struct_ops map; the user may put links of his own here. */
  readonly links: Record<string, BpfLink | undefined> = {};

  /** Attaches what is not attached yet: all, or nothing. */
  attach(programs: Iterable<BpfProgram>, structOps: Iterable<StructOps>): void {
    ensureStack(DEEP);
    const made: string[] = [];
    try {
      for (const program of programs) {
        if (!program.autoload || !program.autoattach || this.links[program.name] !== undefined) continue;
        const link = attachIfPossible(program);
        if (link === undefined) continue;
        this.links[program.name] = link;
        made.push(program.name);
      }
      for (const ops of structOps) {
        if (this.links[ops.name] !== undefined) continue;
        if (!ops.map.autocreate || !ops.map.autoattach) continue;
        this.links[ops.name] = ops.attach();
        made.push(ops.name);
      }
    } catch (error) {
      for (const name of made) this.#end(name);
      throw error;
    }
  }

  detach(): void {
    for (const name of Object.keys(this.links)) this.#end(name);
  }

  #end(name: string): void {
    this.links[name]?.close();
    this.links[name] = undefined;
  }
}
