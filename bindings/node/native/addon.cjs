'use strict';
// The native build as the driver wants it: objects over the numbers by which the addon knows sessions, calls and batches.

/** The core as `ts/face.ts` describes it. */
module.exports = (addon) => {
  const ask = (word, ...given) => addon.ask(word, given);
  /** What nobody holds any more is closed: a call that was under way counts as lost then. */
  const forgotten = new FinalizationRegistry((number) => ask('close', number));

  class Held {
    #number;

    constructor(number) {
      this.#number = number;
      forgotten.register(this, number, this);
    }

    /** Its number; 0, if it has ended. */
    get number() {
      return this.#number;
    }

    snapshot() {
      return ask('snapshot', this.#number);
    }

    warnings() {
      return ask('warnings', this.#number);
    }

    end() {
      if (this.#number === 0) return;
      ask('close', this.#number);
      this.ended();
    }

    ended() {
      forgotten.unregister(this);
      this.#number = 0;
    }
  }

  class Machine extends Held {
    receive(status, body, now) {
      ask('receive', this.number, status, body, now);
    }

    fail(notSent, reason, now) {
      ask('fail', this.number, notSent, reason, now);
    }

    loaded(version, bytes, now) {
      ask('loaded', this.number, version, bytes, now);
    }

    swapped(stored, now) {
      ask('swapped', this.number, stored, now);
    }

    storeFailed(reason, now) {
      ask('store_failed', this.number, reason, now);
    }
  }

  class Call extends Machine {
    step(now, entropy, exact) {
      return addon.step(this.number, now, entropy, exact);
    }

    answer(status, body, now, entropy) {
      const step = addon.answer(this.number, status, body, now, entropy);
      if (typeof step === 'string') this.ended();
      return step;
    }
  }

  class Batch extends Machine {
    step(now, entropy) {
      return ask('step_batch', this.number, now, entropy);
    }

    add(key, since, now) {
      return ask('add', this.number, key, since, now);
    }

    hint(key, now) {
      return ask('hint', this.number, key, now);
    }

    progress() {
      return ask('progress', this.number);
    }

    resume(snapshot, now) {
      return ask('resume_batch', this.number, snapshot, now);
    }
  }

  class Session extends Held {
    constructor(...config) {
      super(ask('open', ...config));
    }

    start(mode, method, params, floats) {
      return new Call(addon.start(this.number, mode, method, params, floats));
    }

    startRaw(method, body) {
      return new Call(addon.startRaw(this.number, method, body));
    }

    resume(snapshot) {
      return new Call(ask('resume', this.number, snapshot));
    }

    signIn(grant, code, taxNum, redirectUri) {
      return new Call(ask('sign_in', this.number, grant, code, taxNum, redirectUri));
    }

    follow(...rules) {
      return new Batch(ask('follow', this.number, ...rules));
    }

    restore(snapshot) {
      ask('restore', this.number, snapshot);
    }

    revision() {
      return ask('revision', this.number);
    }

    storeKey() {
      return ask('store_key', this.number);
    }

    authorizeUrl(redirectUri, state) {
      return ask('authorize_url', this.number, redirectUri, state);
    }

    readReturn(url, state) {
      return ask('read_return', this.number, url, state);
    }
  }

  const asking = (word) => (...given) => addon.ask(word, given);
  return {
    Session,
    check: asking('check'),
    read: asking('read'),
    readPush: asking('read_push'),
    documents: asking('documents'),
    pushAccepted: asking('push_accepted'),
    pushRefused: asking('push_refused'),
    explain: asking('explain'),
    sign: asking('sign'),
    diagnose: asking('diagnose'),
    amounts: asking('amounts'),
    totals: asking('totals'),
    fill: asking('fill'),
    split: asking('split'),
    red: asking('red'),
    methods: asking('methods'),
    fileLoad: (folder, key) => addon.file(folder, key),
    fileSwap: async (folder, key, version, bytes) => (await addon.file(folder, key, version, bytes)).version !== -1,
  };
};
