-- make_session.lua: builds the test session. Run by make_session.sh:
--   ardour7-lua make_session.lua DIR NAME WAVDIR RATE FRAMES EXTRA PLANTS MCU_DEVICE MCU_OUT MCU_IN
-- luasession always uses the "None (Dummy)" engine, so this needs neither JACK nor a display.
-- What Lua cannot do outside the GUI (importing audio, markers, switching surfaces on, and setting
-- controls while no process callback runs) is written into the saved session file afterwards.

local dir, name, wavdir = arg[1], arg[2], arg[3]
local rate, frames, extra = tonumber (arg[4]), tonumber (arg[5]), tonumber (arg[6])
local plants = arg[7] == "1"
local mcu, mcu_out, mcu_in = arg[8], arg[9], arg[10]
assert (dir and name and wavdir and rate and frames and extra and mcu, "see make_session.sh")

-- pan is Ardour's azimuth: 0 = hard left, 0.5 = centre, 1 = hard right. OSC tells it the other way round
-- (1 - azimuth): a session value of 0.35 is /strip/pan_stereo_position 0.65.
-- Plugins in signal order, all before the fader, all from ardour-lv2-plugins.
local tracks = {
	{ name = "Kick", gain = -3.2, plugins = { "urn:ardour:a-comp" }, vca = true },
	{ name = "Snare", gain = -4.5, pan = 0.55, plugins = { "urn:ardour:a-eq", "urn:ardour:a-comp" }, send = -12, vca = true },
	{ name = "Hat", gain = -9.1, pan = 0.35, vca = true },
	{ name = "Bass", gain = -5.3, trim = 1.5, pan = plants and 1 or 0.5, plugins = { "urn:ardour:a-comp" } },
	{ name = "Guitar L", gain = -8.4, pan = 0.1 },
	{ name = "Guitar R", gain = -8.9, pan = 0.9, plugins = { "urn:ardour:a-delay" } },
	{ name = "Keys", gain = -6, automated = true },
	{ name = "Vox", gain = -2.6, plugins = { "urn:ardour:a-eq", "urn:ardour:a-comp" }, send = -9.5 },
	{ name = "Vox Double", gain = -11.3, pan = 0.42, muted = true },
	{ name = "Shaker", gain = -7.7, pan = 0.55 },
	plants and { name = "Hot Synth", gain = 3, pan = 0.6, plugins = { "urn:ardour:a-eq" } }
		or { name = "Synth", gain = -7, pan = 0.6, plugins = { "urn:ardour:a-eq" } },
	{ name = "Room", gain = -1.2 },
}
local bus_gain, master_gain, vca_gain = -6.5, -2, 0

local s = create_session (dir, name, rate)
assert (s, "create_session failed")
local max_order, normal = ARDOUR.PresentationInfo.max_order, ARDOUR.TrackMode.Normal
for _, t in ipairs (tracks) do
	s:new_audio_track (1, 2, nil, 1, t.name, max_order, normal, true)
end
for i = 1, extra do
	s:new_audio_track (1, 2, nil, 1, "Extra " .. i, max_order, normal, true)
end
local bus = s:new_audio_route (2, 2, nil, 1, "Reverb", ARDOUR.PresentationInfo.Flag.AudioBus, max_order):front ()

local function add_plugins (route, uris)
	for i = #uris, 1, -1 do -- each is inserted at index 0, so go backwards
		local p = ARDOUR.LuaAPI.new_plugin (s, uris[i], ARDOUR.PluginType.LV2, "")
		assert (not p:isnil (), "no such LV2 plugin: " .. uris[i])
		assert (route:add_processor_by_index (p, 0, nil, true) == 0, "cannot add " .. uris[i])
	end
end
add_plugins (bus, { "urn:ardour:a-reverb" })
local senders = ARDOUR.RouteListPtr ()
for _, t in ipairs (tracks) do
	local r = s:route_by_name (t.name)
	add_plugins (r, t.plugins or {})
	if t.send then senders:push_back (r) end
end
s:add_internal_sends (bus, ARDOUR.Placement.PostFader, senders)

s:vca_manager ():create_vca (1, "Drums")
local vca = s:vca_manager ():vca_by_name ("Drums")
for _, t in ipairs (tracks) do
	if t.vca then s:route_by_name (t.name):to_slavable ():assign (vca) end
end

local function set (control, value)
	assert (not control:isnil ())
	control:set_value (value, PBD.GroupControlDisposition.NoGroup)
end
local dB = ARDOUR.DSP.dB_to_coefficient
for _, t in ipairs (tracks) do
	local r = s:route_by_name (t.name)
	set (r:gain_control (), dB (t.gain))
	if t.pan then set (r:pan_azimuth_control (), t.pan) end
	if t.trim then set (r:trim_control (), dB (t.trim)) end
	if t.muted then set (r:mute_control (), 1) end
	if t.send then set (r:nth_send (0):to_internalsend ():gain_control (), dB (t.send)) end
	if t.automated then
		-- a rise and fall of the fader that repeats every 4 s, -18 to -6 dB
		local control = r:gain_control ()
		local list = control:alist ()
		for i = 0, math.floor (frames / rate / 2) do
			list:add (Temporal.timepos_t (i * 2 * rate), dB (i % 2 == 0 and -18 or -6), false, true)
		end
		control:set_automation_state (ARDOUR.AutoState.Play)
	end
end
set (bus:gain_control (), dB (bus_gain))
set (s:master_out ():gain_control (), dB (master_gain))
set (vca:gain_control (), dB (vca_gain))
ARDOUR.LuaAPI.usleep (500000) -- controls are set by the engine's next cycles
assert (s:save_state ("") == 0)
close_session ()

-- second step: regions, markers and surfaces, as text
local SC = 282240000 // rate -- superclock ticks per sample in Ardour 7.x
local file_name = dir .. "/" .. name .. ".ardour"
local f = assert (io.open (file_name))
local x = f:read ("a")
f:close ()
local id = tonumber (x:match ('id%-counter="(%d+)"')) + 1000
local function next_id () id = id + 1; return id end
local function replace (pattern, text) -- exactly one match, text is literal
	local out, n = x:gsub (pattern, (text:gsub ("%%", "%%%%")), 1)
	assert (n == 1, "pattern not found: " .. pattern)
	x = out
end
local function literal (text) return (text:gsub ("%p", "%%%0")) end

local sources, regions = {}, {}
for _, t in ipairs (tracks) do
	local n, source, whole = t.name, next_id (), next_id ()
	local length = string.format ("a%d@a0", frames * SC)
	sources[#sources + 1] = string.format ('<Source name="%s.wav" take-id="" type="audio" flags="" id="%d" natural-position="a0" channel="0" origin="" gain="1"/>', n, source)
	local function region (region_id, whole_file)
		return string.format ('<Region name="%s" muted="0" opaque="1" locked="0" video-locked="0" automatic="%d" whole-file="%d" import="0" external="0" sync-marked="0" left-of-split="0" right-of-split="0" hidden="0" position-locked="0" valid-transients="0" start="a0" length="%s" sync-position="a0" ancestral-start="a0" ancestral-length="%s" stretch="1" shift="1" layering-index="0" tags="" contents="0" envelope-active="0" default-fade-in="1" default-fade-out="1" fade-in-active="1" fade-out-active="1" scale-amplitude="1" id="%d" type="audio" first-edit="nothing" source-0="%d" master-source-0="%d" channels="1"><Envelope default="yes"/><FadeIn default="yes"/><FadeOut default="yes"/></Region>',
			n, whole_file, whole_file, length, length, region_id, source, source)
	end
	regions[#regions + 1] = region (whole, 1)
	local from, to, attributes = x:find ('<Playlist ([^>]-name="' .. literal (n) .. '"[^>]-)/>')
	assert (from, "no playlist for " .. n)
	x = x:sub (1, from - 1) .. "<Playlist " .. attributes .. ">" .. region (next_id (), 0) .. "</Playlist>" .. x:sub (to + 1)
end
replace ("<Sources/>", "<Sources>" .. table.concat (sources) .. "</Sources>")
replace ("<Regions/>", "<Regions>" .. table.concat (regions) .. "</Regions>")

local function location (label, from, to, flags)
	return string.format ('<Location id="%d" name="%s" start="a%d" end="a%d" flags="%s" locked="0" timestamp="0" cue="0"/>', next_id (), label, from * SC, to * SC, flags)
end
local second_verse = frames // 2 // rate * rate
replace ("<Locations/>", "<Locations>" .. location ("session", 0, frames, "IsSessionRange") .. location ("Verse", 2 * rate, 2 * rate, "IsMark") ..
	location ("Chorus", second_verse, second_verse, "IsMark") .. "</Locations>")

-- The session's own <ControlProtocols> wins over the user's config, and luasession saved every surface as inactive.
-- address-only="0": replies go to the port a request came from.
local function surface (label, attributes, children)
	replace ('<Protocol name="' .. literal (label) .. '" active="0"/>', '<Protocol name="' .. label .. '" active="1" ' .. attributes .. ">" .. (children or "") .. "</Protocol>")
end
surface ("Open Sound Control (OSC)", 'debugmode="0" address-only="0" remote-port="8000" banksize="0" striptypes="31" feedback="0" gainmode="0" send-page-size="0" plug-page-size="0"')
local connections = mcu_out and mcu_out ~= "" and '<Configurations><Configuration name="' .. mcu .. '"><Surfaces><Surface name="' .. mcu ..
	'"><Port><Input><Port name="mackie control in" direction="input"><Connection other="' .. mcu_out ..
	'"/></Port></Input><Output><Port name="mackie control out" direction="output"><Connection other="' .. mcu_in ..
	'"/></Port></Output></Port></Surface></Surfaces></Configuration></Configurations>'
surface ("Mackie", 'bank="0" ipmidi-base="21928" device-profile="" device-name="' .. mcu .. '"', connections)

replace ('id%-counter="%d+"', 'id-counter="' .. (id + 1) .. '"')
-- an absolute search path to this folder would keep a copy of the session from loading
x = x:gsub ('(name="audio%-search%-path" value=")[^"]*', "%1")
f = assert (io.open (file_name, "w"))
f:write (x)
f:close ()

local base = dir:gsub ("/+$", ""):match ("([^/]+)$")
for _, t in ipairs (tracks) do
	local from = assert (io.open (wavdir .. "/" .. t.name .. ".wav", "rb"))
	local to = assert (io.open (dir .. "/interchange/" .. base .. "/audiofiles/" .. t.name .. ".wav", "wb"))
	to:write (from:read ("a"))
	from:close ()
	to:close ()
end
print ("session written: " .. file_name)
quit ()
