# Lets Jekyll read sites, and writes what it computed with oracle.rb; nothing is rendered or written.
# Standard input: one JSON object a line, {"source": folder, "out": file, "config": {overrides}}.
# Standard output: one JSON object a line, {"source":, "time": of the build, "plugins":, "engine":,
# "error": null or a sentence}.
# One process reads many sites, so what Jekyll remembers between builds is forgotten in between.
require "json"
ENV["JEKYLL_NO_BUNDLER_REQUIRE"] = "true"
require "jekyll"
require_relative "oracle"

# Which library this Jekyll reads YAML with: upstream's takes safe_yaml, Debian's was changed to Psych.
ENGINE = Jekyll::Utils.respond_to?(:safe_load_yaml) && !ENV["SAFE_YAML_LIB"] ? "psych" : "safeyaml"

# Debian's Jekyll reads YAML with Psych. With the safe_yaml gem at hand it reads as upstream's does.
if ENV["SAFE_YAML_LIB"]
  $LOAD_PATH.unshift ENV["SAFE_YAML_LIB"]
  require "safe_yaml/load"
  SafeYAML::OPTIONS[:suppress_warnings] = true
  module Jekyll::Utils
    def safe_load_yaml(yaml)
      SafeYAML.load(yaml)
    end

    def safe_load_yaml_file(filename, _options = {})
      SafeYAML.load_file(filename)
    end
  end
end

Jekyll.logger.log_level = :error unless ENV["ORACLE_VERBOSE"]

# A plugin once loaded stays in the process; it takes part only in sites that name it.
GENERATORS = {
  "JekyllRedirectFrom::Generator" => "jekyll-redirect-from",
  "JekyllFeed::Generator" => "jekyll-feed",
  "Jekyll::JekyllSitemap" => "jekyll-sitemap",
  "Jekyll::Paginate::Pagination" => "jekyll-paginate",
}.freeze

# The gems that are installed; a site's other plugins cannot take part.
def available?(name)
  require name
  true
rescue LoadError
  false
end

def read(source, out, overrides)
  ENV["TZ"] = "UTC"
  ENV["ORACLE_OUT"] = out
  $oracle_pre.clear
  Jekyll.sites.clear
  Jekyll::Utils.instance_variable_set(:@parse_date_cache, nil)
  config = Jekyll.configuration({
    "source" => source, "destination" => File.join(source, "_site"), "disable_disk_cache" => true,
    "plugins_dir" => "_no_plugins",
  }.merge(overrides))
  config.delete("theme")
  config["plugins"] = Array(config["plugins"]).select { |name| available?(name) }
  site = Jekyll::Site.new(config)
  site.generators.select! { |generator| GENERATORS.fetch(generator.class.name, "") == "" ||
                                        config["plugins"].include?(GENERATORS[generator.class.name]) }
  site.reset
  site.read
  site.generate
  # What raises shall raise here: the hook would swallow it.
  (site.documents + site.pages).each { |item| [item.url, item.destination(site.dest), item.write?] }
  Jekyll::Hooks.trigger :site, :post_write, site
  [site.time, config["plugins"]]
end

$stdin.each_line do |line|
  job = JSON.parse(line)
  time, plugins, error = nil
  begin
    time, plugins = read(job["source"], job["out"], job["config"] || {})
  rescue StandardError, SystemExit => e
    error = "#{e.class}: #{e.message}"
  end
  time &&= time.utc.strftime("%Y-%m-%dT%H:%M:%S+00:00")
  puts({ source: job["source"], time: time, plugins: plugins, engine: ENGINE, error: error }.to_json)
  $stdout.flush
end
