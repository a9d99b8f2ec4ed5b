// Plays tests/vectors/batch: many orders followed at once.

import { named } from '../../dist/esm/face.js';
import { Obj, parse, token, write } from './json.mjs';
import { answerOrNone, entropy, open, same, sameError, sameMembers, sameStep, toldAs } from './play.mjs';

export function playBatch(face, vector) {
  const mustFail = vector.get('start_error');
  let session = open(face, vector.get('session'));
  let batch;
  try {
    batch = follow(session, vector.get('follow'));
  } catch (thrown) {
    if (!mustFail) throw thrown;
    return sameError(mustFail, thrown);
  }
  if (mustFail) throw new Error(`begun, though ${write(mustFail)} must come`);
  const script = vector.get('script') ?? [];
  if (script.length === 0) throw new Error('the script is empty');
  script.forEach((line, at) => {
    try {
      if (!line.has('restart')) return playLine(batch, at, line);
      const [kept, saved] = [batch.snapshot(), session.snapshot()];
      session = open(face, vector.get('session'));
      session.restore(saved);
      batch = follow(session, vector.get('follow'));
      return same('restart', token(line.get('restart')), String(batch.resume(kept, Number(line.get('now').text))));
    } catch (thrown) {
      throw new Error(`line ${at}: ${thrown.message}`);
    }
  });
}

function follow(session, rules) {
  const whole = (name, unset) => Number(token(rules.get(name)) ?? unset);
  const more = rules.has('with') ? write(rules.get('with')) : '';
  const [rate, slowest, giveUp] = [whole('rate', 5), whole('slowest', 7200), whole('give_up', 604_800)];
  return session.follow(token(rules.get('method')), rules.get('by') ?? 'orderNos', rate, slowest, giveUp, more);
}

function playLine(batch, at, line) {
  if (line.has('progress')) return sameMembers(line.get('progress'), figures(batch), 'progress');
  if (line.has('snapshot')) return sameMembers(line.get('snapshot'), parse(batch.snapshot()), 'snapshot');
  const now = Number(line.get('now').text);
  if (line.has('step')) return sameBatchStep(line.get('step'), () => named(batch.step(now, entropy(line, at))));
  const told = toldAs(line, () => {
    const add = line.get('add');
    if (add) return batch.add(add.get('key'), Number(token(add.get('since'))), now);
    if (line.has('hint')) return batch.hint(line.get('hint'), now);
    return answerOrNone(batch, line, now);
  });
  return same('is', line.get('is'), told);
}

/** The figures by the names that vectors have. */
function figures(batch) {
  const snake = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return new Obj(parse(batch.progress()).members.map(([name, value]) => [snake(name), value]));
}

function sameBatchStep(expected, step) {
  const [[word, value]] = expected.members;
  if (word !== 'event' && word !== 'idle') return sameStep(expected, step);
  const { result, ...others } = step();
  const more = Object.keys(others).filter((name) => others[name] !== undefined);
  if (more.length > 0) throw new Error(`${write(expected)} must come, a step with ${more} came`);
  if (word === 'idle') return same('idle', undefined, result);
  if (result === undefined) throw new Error(`${write(expected)} must come, nothing is followed`);
  const event = parse(result);
  for (const name of ['kind', 'keys']) same(name, write(value.get(name)), write(event.get(name)));
  // Numbers from the platform are texts here.
  same('rows', write(value.get('rows'), true), write(event.get('rows')));
  if (value.has('error')) return sameError(value.get('error'), new Error(write(event.get('failure'))));
  return same('failure', 'null', write(event.get('failure')));
}
