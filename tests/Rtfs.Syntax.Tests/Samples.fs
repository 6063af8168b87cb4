/// Realistic texts for the properties of recovery, update and fuzzing.
module Rtfs.Syntax.Tests.Samples

let private sensors =
    """; Averages of hot sensors.
(register-stream-capability
  :capability-id "com.example:v1.0:sensor-feed"
  :type :stream-source
  :output-schema [:map [:id [:and :string [:min-length 1]]] [:value [:and :number [:>= 0]]] [:timestamp :timestamp]]
  :provider {:kind :file :path "sensors.ndjson" :format :ndjson}
  :config {:buffer-size 256 :error-handling {:on-parse-error :skip, :on-schema-error :dead-letter}})

(def hot? (fn [reading] (> (:value reading) 30.5)))

(defn celsius
  "From Fahrenheit."
  [f : float] :float
  (/ (* (- f 32) 5) 9))

(def readings (stream-source "com.example:v1.0:sensor-feed"))

(stream-execute
  (stream-pipeline
    [readings
     (stream-map (fn [r] (update r :value celsius)))
     (stream-filter hot?)
     (stream-key-by :id)
     (stream-window {:type :tumbling :count 10})
     (stream-aggregate {:average [:avg :value] :n [:count] :peak [:max (fn [r] (:value r))]})
     (stream-sink :com.example:v1.0/alerts)]
    {:error-handling {:strategy {:retry {:attempts 3 :delay-ms 10 :backoff :linear :then :dead-letter}}}}))
"""

let private consumers =
    """(stream-consume (stream-source :com.acme:v2:orders)
  {order =>
    (let [{:keys [id total]} order
          [first & others] (:lines order)]
      (if (> total 100.0)
        (log-info "large" id {:lines (inc (count others)) :first first})
        (log-debug "small")))}
  {:timeout-ms 1000 :batch-size 64})

#| the callback form
   returns at once |#
(stream-consume handle
  {:on-item (fn [item] (println (str "item " item)))
   :on-error #(log-error "failed:" %)
   :on-complete (fn [] nil)
   :enable-callbacks true})

(-> handle (stream-filter #(= (:kind %) :a)) (stream-map :value))
"""

let private planned =
    """'header
(plan
  :type :rtfs.core:v2.0:streaming-plan
  :plan-id "orders"
  :resources [(resource:ref "orders") (resource:ref "archive")]
  :capabilities ["com.acme:v1.0:orders" :com.acme:v1.0/archive]
  :limits {:max-run-ms 60000}
  :program
  (do
    (with-resource [h StreamHandle (stream-source (resource:ref "orders"))]
      (stream-consume h {x => (stream-produce (stream-sink (resource:ref "archive")) x)}))
    (marketplace:execute-plan @:next)))

(def template `(do ~@forms (call ~id {:at 2024-12-08T10:30:00_500Z})))
"""

let private breakers =
    """(def cb (stream-circuit-breaker :failure-threshold 5 :timeout-ms 30000 :on-open (fn [] (log-warn "open"))))
(defn ^:delegation :local fetch [url]
  (try (circuit-breaker:call cb (fn [] (call :http.get {:url url})))
    (catch NetworkError e [:failed (.getMessage e) {:url url}])
    (finally (println "done; (not a bracket)"))))
(parallel [a (fetch "http://a/(x)")] [b (fetch "http://b")])
"""

let private routes =
    """(stream-demultiplex (resource:ref "in")
  {:criteria (fn [item] (cond (even? (:n item)) "even" :else "odd"))
   :outputs {"even" :out.a:v1:even "odd" :out.a:v1:odd}
   :default (resource:ref "rest")})

(stream-multiplex [:a:v1:x :a:v1:y (stream-source :a:v1:z)] {:strategy :round-robin})

[1 [2 [3 {:deep [4 (5)]}]] #(+ %1 %2)]

{:a (f x) :b [{:c 1} {:d (g (h [i]))}]}
"""

let private macros =
    """(defmacro unless [condition & body]
  `(if ~condition nil (do ~@body)))

(unless (= 1 2)
  (let [f (fn [[a b] {:keys [c] :as all} & more] [a b c all more])]
    (f [1 2] {:c 3} 4 5)))

(match value
  [x y] (+ x y)
  {:kind :point :at [x _]} x
  _ (when true (loop [i 0] (if (< i 10) (recur (inc i)) i))))
"""

let private types =
    """(defstruct Reading
  :id [:and :string [:matches-regex "^s-[0-9]+$"]]
  :value [:union :int :float]
  :tags [:vector :keyword])

(def check (fn [r : Reading] : bool (and (> (:value r) 0) (not (empty? (:tags r))))))

(module sensors.core (:exports [check]) (import sensors.types :as t :only [Reading]))
"""

let private nestedMargins =
    """(do
(def x [1 2 3])
(def y {:a (f x)})
)

(def after
  [(g y)
   (h (i y))])

(plan :program (do
(println "margin")
[x y]
))

(def last (fn [] #(k %)))
"""

let private comments =
    """;; (unbalanced [ in a comment
(f ; ) here
   [a ; ] and here
    b] "and ( in \" a string
( at a margin")

#| ( [ { |# (g {:k "}"} (h))

(i (j #| ) |# k) [l])
"""

let private results =
    """(let [total (reduce + 0 (map :amount orders))
      average (/ total (max 1 (count orders)))]
  {:total total
   :average (round average)
   :top (first (filter (fn [o] (>= (:amount o) average)) orders))
   :ids (vector (:id (nth orders 0)) (:id (last orders)))})

^{:runtime.hint [1 2]} (call :com.acme:v1.0/report (str "n=" (count orders)))
"""

let all: (string * string) list = [
    "sensors", sensors
    "consumers", consumers
    "planned", planned
    "breakers", breakers
    "routes", routes
    "macros", macros
    "types", types
    "nested margins", nestedMargins
    "comments", comments
    "results", results
]

let text (name: string) =
    all |> List.find (fun (known, _) -> known = name) |> snd
