-- Refuses JSON bodies with fields that the contract does not have. The transcoder would drop them without a word:
-- somebody who wrote "serialNumbr" would get a meter without a serial number.
--
-- Before this stand two tables, made from the contract: CALLS, by verb a list of {pattern of the path, message}, and
-- FIELDS, by message the names of its fields; the value is false for what is not looked into, else the message inside
-- ("*name" for the values of a map). Bodies that are no JSON at all are left to the transcoder, which says so.

local DEEPEST = 100
local find, sub, byte = string.find, string.sub, string.byte
local QUOTE, COMMA, COLON, OPEN, CLOSE, FIRST, LAST = 34, 44, 58, 123, 125, 91, 93

local walk

local function skip_space(text, at)
  return find(text, "[^ \t\r\n]", at) or #text + 1
end

-- The place after the string that begins at `at`, or nil.
local function skip_string(text, at)
  at = at + 1
  while true do
    local stop = find(text, '["\\]', at)
    if not stop then return nil end
    if byte(text, stop) == QUOTE then return stop + 1 end
    at = stop + 2
  end
end

local function walk_object(text, at, message, path, depth)
  local fields = message and FIELDS[message]
  local values = message and sub(message, 1, 1) == "*" and sub(message, 2) or nil
  at = skip_space(text, at + 1)
  if byte(text, at) == CLOSE then return at + 1 end
  while true do
    if byte(text, at) ~= QUOTE then return nil end
    local after = skip_string(text, at)
    if not after then return nil end
    local key = sub(text, at + 1, after - 2)
    local inner = values
    if fields then
      inner = fields[key]
      if inner == nil then return nil, path .. key end
    end
    at = skip_space(text, after)
    if byte(text, at) ~= COLON then return nil end
    local unknown
    at, unknown = walk(text, skip_space(text, at + 1), inner or nil, path .. key .. ".", depth + 1)
    if not at then return nil, unknown end
    at = skip_space(text, at)
    local mark = byte(text, at)
    if mark == CLOSE then return at + 1 end
    if mark ~= COMMA then return nil end
    at = skip_space(text, at + 1)
  end
end

local function walk_list(text, at, message, path, depth)
  at = skip_space(text, at + 1)
  if byte(text, at) == LAST then return at + 1 end
  while true do
    local unknown
    at, unknown = walk(text, at, message, path, depth + 1)
    if not at then return nil, unknown end
    at = skip_space(text, at)
    local mark = byte(text, at)
    if mark == LAST then return at + 1 end
    if mark ~= COMMA then return nil end
    at = skip_space(text, at + 1)
  end
end

-- The place after the value that begins at `at`; or nil and the path of an unknown field, if that was the reason.
walk = function(text, at, message, path, depth)
  if depth > DEEPEST then return nil end
  local mark = byte(text, at)
  if mark == OPEN then return walk_object(text, at, message, path, depth) end
  if mark == FIRST then return walk_list(text, at, message, path, depth) end
  if mark == QUOTE then return skip_string(text, at) end
  local _, stop = find(text, "^[%w+.-]+", at)
  return stop and stop + 1
end

function envoy_on_request(handle)
  local headers = handle:headers()
  local calls = CALLS[headers:get(":method")]
  if not calls or find(headers:get("content-type") or "", "^application/grpc") then return end
  local path = find(headers:get(":path"), "?", 1, true)
  path = path and sub(headers:get(":path"), 1, path - 1) or headers:get(":path")
  for _, call in ipairs(calls) do
    if find(path, call[1]) then
      local body = handle:body()
      if not body then return end
      local text = body:getBytes(0, body:length())
      local _, unknown = walk(text, skip_space(text, 1), call[2], "", 0)
      if unknown then
        handle:respond({[":status"] = "400"}, "There is no field " .. unknown .. " in this request.")
      end
      return
    end
  end
end
