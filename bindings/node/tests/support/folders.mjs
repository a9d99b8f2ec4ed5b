// What plays each folder of tests/vectors.

import * as play from './play.mjs';
import { playBatch } from './play-batch.mjs';

export const folders = {
  sign: play.playSign,
  calls: play.playCall,
  stores: play.playCall,
  batch: playBatch,
  checks: play.playCheck,
  orders: play.playOrder,
  amounts: play.playAmounts,
  replies: play.playReply,
  pushes: play.playPush,
  documents: play.playDocuments,
};
