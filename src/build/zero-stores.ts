import type { Binaryen, Expression, Module } from "./asc-tree.ts";

// A constructor begins by setting every field of its object to what the class says: mostly to 0, null or false. Where the heap gives
// zeroed memory, that is there already, but no optimiser knows.
//
//     (if (i32.eqz (local.get $this)) (then (local.set $this (call $__new ...))))
//     (call $Class#set:first (local.get $this) (i32.const 0))
//     (call $Class#set:second (local.get $this) (call $Other#constructor (i32.const 0)))
//     ...

/** asc's names of constructors, and of what sets a field. */
const CONSTRUCTOR = /#constructor$/;
const SETTER = /#set:/;
/** The constructor of all objects, which does nothing. */
const OBJECT =
  /^\(local\.set \$(0|this)\s+\(call \$~lib\/object\/Object#constructor\s+\(local\.get \$(0|this)\)\s*\)\s*\)\s*$/;
const USES_THIS = /\(local\.get \$(0|this)\b/;

/** The module is compiled, and not yet optimised. */
export function dropZeroStores(module: Module, binaryen: Binaryen): void {
  for (let i = 0; i < module.getNumFunctions(); i++) {
    const { name, body } = binaryen.getFunctionInfo(module.getFunctionByIndex(i));
    if (CONSTRUCTOR.test(name)) dropFromConstructor(body, binaryen);
  }
}

function dropFromConstructor(body: Expression, binaryen: Binaryen): void {
  const { Block, If, Const, LocalSet } = binaryen.ExpressionIds;
  const whole = binaryen.getExpressionInfo(body);
  if (whole.id !== Block) return;
  const children = whole.children!;
  if (binaryen.getExpressionInfo(children[0]!).id === Block) {
    dropFromConstructor(children[0]!, binaryen);
    return;
  }
  let dropped = 0;
  for (const [at, child] of children.entries()) {
    const { id, target, operands } = binaryen.getExpressionInfo(child);
    if (at === 0 && id === If) continue; // where the object is made
    if (id === LocalSet && OBJECT.test(binaryen.emitText(child))) continue;
    if (target === undefined || !SETTER.test(target)) return;
    const set = binaryen.getExpressionInfo(operands![1]!);
    if (set.id === Const && isZero(set.value)) binaryen.Block(body).removeChildAt(at - dropped++);
    // Whoever gets the object may set what comes next.
    else if (USES_THIS.test(binaryen.emitText(operands![1]!))) return;
  }
}

function isZero(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.values(value).every((half) => half === 0);
  return (value === 0 && !Object.is(value, -0)) || value === 0n;
}
