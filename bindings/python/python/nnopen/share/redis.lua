-- The store of a shared token in Redis: a hash with the fields "version" and "bytes".
--
--   load:  HMGET key version bytes            nothing there: version 0, no bytes
--   swap:  EVAL <this script> 1 key version bytes
--          1: stored, the version is version + 1;  0: the version is another one
--
-- The key: "nnopen:token:" and Session.store_key. No expiry: the record counts the token calls of 30 days.
-- Redis must not evict it (noeviction, or a volatile policy) and should write it to disk (appendonly yes).
-- Versions stay far below 2^53, so Lua's numbers hold them.
local version = tonumber(redis.call('HGET', KEYS[1], 'version') or '0')
if version ~= tonumber(ARGV[1]) then
  return 0
end
redis.call('HSET', KEYS[1], 'version', string.format('%d', version + 1), 'bytes', ARGV[2])
return 1
