#!/usr/bin/env node
/**
 * What ships as the command: its bundle beside it (`concur.ts`), loaded with its code cache, which saves most of what
 * compiling costs at each start.
 */
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { loadCachedScript } from '../engine/hosts/cached-script.ts';
import { v8Flags } from '../engine/hosts/v8-flags.ts';
import { lackIn } from '../engine/machine-fault.ts';
import { type Ending, exitCodes } from './exit-code.ts';
import { nodeMistake } from './node-version.ts';

/** Set by the build, for one run: the cache is then written when all is done. */
const WRITES_CACHE = 'CONCUR_WRITE_CODE_CACHE';

const mistake = nodeMistake(process.version);
if (mistake === undefined) start();
else leave('invalid', mistake);

function start(): void {
  for (const flag of v8Flags(process.version)) setFlagsFromString(flag);
  try {
    const bundle = loadCachedScript(join(__dirname, 'concur-main.js'));
    if (process.env[WRITES_CACHE] === '1') process.on('exit', bundle.save);
  } catch (error) {
    const lack = lackIn(error);
    if (lack === undefined) throw error;
    leave('inconclusive', `concur: the system refused to load it: ${lack}\n`);
  }
}

function leave(ending: Ending, message: string): void {
  process.exitCode = exitCodes[ending].code;
  process.stderr.write(message);
}
