# frozen_string_literal: true

# Which settings of the site are followed; loaded by driver.rb.
module Keeper
  # The configuration of the site, and over it what it must not decide.
  module Settings
    INPUTS = %w(GFM Kramdown Markdown Html).freeze

    class << self
      def read
        given = { "source" => OPTIONS["source"], "destination" => OPTIONS["destination"] }
        given["config"] = [OPTIONS["config"]]
        config = Jekyll.configuration(given)
        plugins(config)
        theme(config)
        kramdown(config)
        config.merge!(OPTIONS["fixed"])
      end

      def plugins(config)
        asked = [config["plugins"], config["gems"]].flatten.compact.map(&:to_s)
        asked.concat(OPTIONS["bundled"]) if asked.include?("github-pages")
        loaded = asked.uniq.select { |name| name != "github-pages" && usable?(name) }
        config["plugins"] = config["whitelist"] = loaded
        config.delete("gems")
        Keeper.note("loaded", "", loaded.join(" "))
      end

      def usable?(name)
        trusted = OPTIONS["trusted"].include?(name)
        if trusted
          require name
          return true
        end
        Keeper.note("plugin", name, "it is not one of those that are trusted")
        false
      rescue LoadError
        Keeper.note("plugin", name, "it is not installed")
        false
      end

      def theme(config)
        remote = config.delete("remote_theme")
        Keeper.note("theme", remote, "a theme is not fetched from elsewhere") if remote
        name = config["theme"]
        return if name.nil?

        found = name.to_s.match?(/\A[\w.-]+\z/) && Gem::Specification.find_all_by_name(name.to_s).first
        return if found && File.directory?(File.join(found.full_gem_path, "_layouts"))

        Keeper.note("theme", name, "it is not installed")
        config["theme"] = nil
      end

      # `template` is a file that kramdown evaluates as Ruby; engines are programs and gems.
      def kramdown(config)
        unless [nil, "kramdown"].include?(config["markdown"].to_s.downcase)
          Keeper.note("setting", "markdown", "#{config["markdown"]} is replaced by kramdown")
          config["markdown"] = "kramdown"
        end
        own = config["kramdown"].is_a?(Hash) ? config["kramdown"].dup : {}
        Keeper.note("setting", "kramdown.template", "it is not followed") unless own["template"].to_s.empty?
        known = INPUTS.find { |input| input.casecmp?(own["input"].to_s) }
        own["input"] = known || "GFM"
        own["template"] = ""
        own["math_engine"] = "mathjax" if own["math_engine"]
        own["syntax_highlighter"] = "rouge"
        own["forbidden_inline_options"] = %w(template)
        options = own["syntax_highlighter_opts"]
        own["syntax_highlighter_opts"] = options.reject { |key, _| key.to_s == "formatter" } if options.is_a?(Hash)
        config["kramdown"] = own
      end
    end
  end
end
