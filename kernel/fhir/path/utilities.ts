/** Conditions, the clock, traces. FHIRPath 2.0, 5.9 "Utility functions". */
import { boxing, singleOf, truthOf, valuesOf } from './nodes.ts';
import {
  argument,
  type Call,
  type Compiled,
  compileArgument,
  compileBase,
  type Functions,
  NOTHING,
  type Scope,
} from './scope.ts';
import { instantText } from './temporal.ts';
import type { Work } from './work.ts';

const clock = (type: string, of: (work: Work) => string): Functions[string] => {
  return () => ({ type, step: (_, work) => [of(work)] });
};

export const UTILITIES: Functions = {
  iif: compileIif,
  trace: compileTrace,
  now: clock('System.DateTime', ({ now }) => instantText(now)),
  today: clock('System.Date', ({ now }) => instantText(now).slice(0, 10)),
  timeOfDay: clock('System.Time', ({ now }) => instantText(now).slice(11, 23)),
};

/** Looks at one of its two answers only. Behind a dot its arguments are asked of what stands before it. */
function compileIif(call: Call, scope: Scope): Compiled {
  const base = compileBase(call.base, scope);
  const inner = { ...scope, type: base.type };
  const [test, yes] = [
    scope.compile(argument(call, scope), inner),
    scope.compile(argument(call, scope, 1), inner),
  ];
  const no = call.args[2] ? scope.compile(call.args[2], inner) : null;
  const type = no === null || no.type === yes.type ? yes.type : null;
  const one = type === null ? boxing(yes.step, yes.type) : yes.step;
  const other = no === null ? () => NOTHING : type === null ? boxing(no.step, no.type) : no.step;
  return {
    type,
    step: (nodes, work) => {
      const focus = base.step(nodes, work);
      return truthOf(test.step(focus, work), scope.text) === true ? one(focus, work) : other(focus, work);
    },
  };
}

/** What is traced goes to the caller, who need not listen. */
function compileTrace(call: Call, scope: Scope): Compiled {
  const base = compileBase(call.base, scope);
  const name = compileArgument(call, scope).step;
  const shown = call.args[1] ? scope.compile(call.args[1], { ...scope, type: base.type }).step : null;
  return {
    type: base.type,
    step: (nodes, work) => {
      const found = base.step(nodes, work);
      const listen = work.environment.trace;
      if (listen) {
        const values = shown ? found.flatMap((one) => shown([one], work)) : found;
        listen(String(singleOf(name(nodes, work), scope.text) ?? ''), valuesOf(values));
      }
      return found;
    },
  };
}
