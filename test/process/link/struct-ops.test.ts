/** A struct_ops variable in its own place. Linux 6.18 ends with a BUG where it is asked for that, so that no test may ask. */
import { runChild } from '../../support/child';
import { compileBpf, compileStructOps } from '../../support/compile';

const SCRIPT = `
const plain = subskel.BpfObject.open(args.plain);
plain.load();
const standIn = plain.program('on_enter').attach();
process.env.STAND_IN = String(standIn.fd);
const open = () => { const object = subskel.BpfObject.open(args.file); object.load(); return object; };
const [first, second] = [open(), open()];
const link = first.structOps.get('ops').attach();
const outcome = (work) => { try { work(); return 'fine'; } catch (error) { return error.code; } };
console.log(JSON.stringify({
  theSame: outcome(() => first.structOps.get('ops').update(link)),
  itsMapAsProgram: outcome(() => link.update(first.map('ops'))),
  aProgram: outcome(() => link.update(plain.program('on_enter'))),
  another: outcome(() => second.structOps.get('ops').update(link)),
}));
`;

test('update() by the variable that is registered does not reach the kernel, nor does its map as a program', () => {
  // The sanitizers' own libraries have to stay the first.
  const preload = [process.env['LD_PRELOAD'], compileStructOps()].filter(Boolean).join(':');
  const args = { file: compileBpf('struct_ops'), plain: compileBpf('addon') };
  const { stdout, stderr, status } = runChild(SCRIPT, args, [], [`LD_PRELOAD=${preload}`]);
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  expect(JSON.parse(stdout)).toEqual({
    theSame: 'fine',
    itsMapAsProgram: 'ERR_INVALID_ARG',
    aProgram: 'ERR_INVALID_ARG',
    // What the kernel would have been asked for.
    another: 'EXDEV',
  });
});
