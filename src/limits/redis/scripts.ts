/**
 * One script for all asks of a request, so that they are one step. The clock is that of Redis, which all gateways share,
 * counted from 2025 on so that a double has room for fractions; numbers are written with all their digits (%.17g).
 */

const clock = `
local time = redis.call('TIME')
local now = (tonumber(time[1]) - 1735689600) * 1000 + tonumber(time[2]) / 1000
local function digits(number) return string.format('%.17g', number) end
local function missing(key)
  local full = tonumber(redis.call('GET', key) or '') or now
  return math.max(0, full - now)
end
-- Without what rounding has added.
local function whole(number) return math.ceil(number - 0.001) end
local function keep(key, missing)
  if missing <= 0 then redis.call('DEL', key)
  else redis.call('SET', key, digits(now + missing), 'PX', digits(math.ceil(missing))) end
end
`

/** ARGV: the time of a lease, then five for each key: `bucket`, capacity, interval, cost, or `lease`, most, id, ''; and whether to enforce. */
export const take = `${clock}
local lease = tonumber(ARGV[1])
local level, fits = {}, {}
local admitted = true
local function ask(i) return unpack(ARGV, i * 5 - 3, i * 5 + 1) end
for i, key in ipairs(KEYS) do
  local kind, most, second, cost, enforce = ask(i)
  if kind == 'bucket' then
    level[i] = missing(key)
    fits[i] = level[i] + cost * second <= (most + 0.001) * second
  else
    redis.call('ZREMRANGEBYSCORE', key, '-inf', digits(now))
    level[i] = redis.call('ZCARD', key)
    fits[i] = level[i] < tonumber(most) or (second ~= '' and redis.call('ZSCORE', key, second) ~= false)
  end
  if enforce == '1' and not fits[i] then admitted = false end
end
local stands = {}
for i, key in ipairs(KEYS) do
  local kind, most, second, cost = ask(i)
  local remaining, wait, reset = 0, 0, -1
  if kind == 'bucket' then
    if admitted and fits[i] and tonumber(cost) ~= 0 then
      level[i] = level[i] + cost * second
      keep(key, level[i])
    end
    remaining = math.floor(most - level[i] / second + 0.001)
    reset = whole(level[i])
    if not fits[i] then
      wait = -1
      if tonumber(cost) <= tonumber(most) then wait = whole(level[i] + (cost - most) * second) end
    end
  else
    if admitted and fits[i] and second ~= '' then
      level[i] = level[i] + redis.call('ZADD', key, digits(now + lease), second)
      redis.call('PEXPIRE', key, lease)
    end
    remaining = most - level[i]
    if not fits[i] then wait = -1 end
  end
  stands[i] = { fits[i] and 1 or 0, math.max(0, remaining), wait, reset }
end
return stands
`

/** ARGV: interval and cost for each key. */
export const charge = `${clock}
for i, key in ipairs(KEYS) do
  keep(key, missing(key) + ARGV[i * 2] * ARGV[i * 2 - 1])
end
`

/** ARGV: the time of a lease, then the id of the holder for each key. */
export const renew = `${clock}
for i, key in ipairs(KEYS) do
  redis.call('ZADD', key, digits(now + ARGV[1]), ARGV[i + 1])
  redis.call('PEXPIRE', key, ARGV[1])
end
`
