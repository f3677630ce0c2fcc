# What Ruby itself makes of YAML and of dates: the oracle below Jekyll.
# Standard input: one JSON object a line, {"yaml": text} or {"date": text, "zone": name, "now": seconds};
# with SAFE_YAML_LIB in the environment YAML is read by the safe_yaml gem, else by Psych.
# Standard output: one JSON object a line, {"value": ...} or {"error": class}.
require "json"
require "psych"
require "time"
require "date"
require "set"
module Jekyll # oracle.rb names it
  class Excerpt; end
  class Hooks
    def self.register(*, **); end
  end
end
require_relative "oracle"

if ENV["SAFE_YAML_LIB"]
  $LOAD_PATH.unshift ENV["SAFE_YAML_LIB"]
  require "safe_yaml/load"
  SafeYAML::OPTIONS[:suppress_warnings] = true
end

def load(text)
  return SafeYAML.load(text) || nil if ENV["SAFE_YAML_LIB"]

  Psych.safe_load(text, permitted_classes: [Date, Time], aliases: true)
end

def date(job)
  ENV["TZ"] = job["zone"]
  Time.parse(job["date"], Time.at(job["now"])).localtime
end

$stdin.each_line do |line|
  job = JSON.parse(line)
  begin
    puts({ value: OracleDump.plain(job.key?("yaml") ? load(job["yaml"]) : date(job)) }.to_json)
  rescue StandardError, SystemStackError => e
    puts({ error: e.class.to_s }.to_json)
  end
end
