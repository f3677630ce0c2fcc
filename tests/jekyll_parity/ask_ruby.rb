# What Ruby and Jekyll's small functions make of YAML, dates and texts: the oracle below whole sites.
# Standard input: one JSON object a line, one of
#   {"yaml": text}   {"date": text, "zone": name, "now": seconds}
#   {"slug": text, "mode": name, "cased": true}   {"title": slug}   {"escape": path}   {"path": path}
#   {"fnmatch": pattern, "paths": [...]}   {"glob": pattern, "in": folder}   {"to_s": number}
# With SAFE_YAML_LIB in the environment YAML is read by the safe_yaml gem, else by Psych.
# Standard output: one JSON object a line, {"value": ...} or {"error": class}.
require "json"
ENV["JEKYLL_NO_BUNDLER_REQUIRE"] = "true"
require "jekyll"
require_relative "oracle"
Jekyll.logger.log_level = :error

if ENV["SAFE_YAML_LIB"]
  $LOAD_PATH.unshift ENV["SAFE_YAML_LIB"]
  require "safe_yaml/load"
  SafeYAML::OPTIONS[:suppress_warnings] = true
end

def load_yaml(text)
  return SafeYAML.load(text) || nil if ENV["SAFE_YAML_LIB"]

  Psych.safe_load(text, permitted_classes: [Date, Time], aliases: true)
end

def date(job)
  ENV["TZ"] = job["zone"]
  Time.parse(job["date"], Time.at(job["now"])).localtime
end

def path(text)
  [File.extname(text), File.basename(text, ".*"), File.dirname(text), File.expand_path("/#{text}", "/"),
   File.join("a/", text), File.join("a", text)]
end

def value(job)
  case job.keys.first
  when "yaml" then load_yaml(job["yaml"])
  when "date" then date(job)
  when "slug" then Jekyll::Utils.slugify(job["slug"], mode: job["mode"], cased: job["cased"])
  when "title" then Jekyll::Utils.titleize_slug(job["title"])
  when "escape" then [Jekyll::URL.escape_path(job["escape"]), Jekyll::URL.unescape_path(job["escape"])]
  when "path" then path(job["path"])
  when "fnmatch" then job["paths"].select { |item| File.fnmatch?(job["fnmatch"], item) }
  when "glob" then Dir.chdir(job["in"]) { Dir.glob(job["glob"]).sort }
  when "to_s" then job["to_s"].to_s
  end
end

$stdin.each_line do |line|
  puts({ value: OracleDump.plain(value(JSON.parse(line))) }.to_json)
rescue StandardError, SystemStackError => e
  puts({ error: e.class.to_s }.to_json)
end
